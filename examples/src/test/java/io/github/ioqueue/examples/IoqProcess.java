package io.github.ioqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program of {@code ioq} as a process of its own. A deadline kills it. */
final class IoqProcess implements AutoCloseable {

    private static final int DEADLINE_SECONDS = 60;

    private final Process process;
    private final Path errors;
    private final BufferedReader output;

    private IoqProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    /** Starts {@code ioq} with these arguments. Its temporary files and its standard error go to the folder. */
    static IoqProcess start(Path folder, String... arguments) throws IOException {
        return start(Main.class, Redirect.PIPE, folder, arguments);
    }

    /** Starts another main class. */
    static IoqProcess start(Class<?> main, Redirect output, Path folder, String... arguments) throws IOException {
        Path errors = folder.resolve("errors.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output).redirectError(errors.toFile());
        return new IoqProcess(builder.start(), errors);
    }

    /** Waits until {@code ioq echo} listens. */
    InetSocketAddress address() throws IOException {
        String line = output.readLine();
        assertThat(line).as("first line; errors: %s", errors()).startsWith("READY ");
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(line.substring("READY ".length())));
    }

    /** Sends SIGTERM; {@link Process#destroy} would close its output, too. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Waits until it has ended. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Its standard input. */
    OutputStream input() {
        return process.getOutputStream();
    }

    /** The lines of standard output that were not read yet; waits until it has ended. */
    List<String> restOfOutput() {
        return output.lines().toList();
    }

    /** What it has written to standard error. */
    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
