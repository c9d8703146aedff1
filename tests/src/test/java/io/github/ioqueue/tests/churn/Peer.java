package io.github.ioqueue.tests.churn;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process with a main class of the tests in it, which answers lines by lines; seen from outside. Its heap is touched
 * whole when it starts, and small: what grows afterwards is not the heap.
 */
final class Peer implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private Peer(Process process) {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    static Peer start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=64m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        // the C library's heaps are one per thread otherwise, and grow whenever another thread comes along
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        return new Peer(builder.start());
    }

    /** Whether processes can be looked at from outside here. */
    static boolean canBeSeen() {
        return new File("/proc/self/fd").isDirectory() && new File("/proc/self/status").isFile();
    }

    String ask(String line, long deadlineSeconds) throws Exception {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        return readLine(deadlineSeconds);
    }

    String readLine(long deadlineSeconds) throws Exception {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(this::readLine);
        return line.get(deadlineSeconds, TimeUnit.SECONDS);
    }

    private String readLine() {
        try {
            String line = output.readLine();
            return line == null ? "the process has ended" : line;
        } catch (IOException e) {
            return e.toString();
        }
    }

    // ---- from outside

    long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(folder().resolve("fd"))) {
            return all.count();
        }
    }

    /** The memory that it has in use, in KiB. */
    long residentKib() throws IOException {
        for (String line : Files.readAllLines(folder().resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new NoSuchFileException("VmRSS");
    }

    private Path folder() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
