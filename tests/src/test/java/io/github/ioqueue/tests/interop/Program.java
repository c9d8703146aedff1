package io.github.ioqueue.tests.interop;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A real program under test conditions: with a deadline, after which it is killed. */
final class Program implements AutoCloseable {

    static final int DEADLINE_SECONDS = 60;

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /** Skips the test when the program is missing; fails it where IOQ_REQUIRE_INTEROP=1 says that it must be there. */
    static void require(String name) {
        boolean present = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        if (!present) {
            missing(name + " is not on the PATH");
        }
    }

    static void missing(String what) {
        if ("1".equals(System.getenv("IOQ_REQUIRE_INTEROP"))) {
            fail(what + ", and IOQ_REQUIRE_INTEROP=1");
        }
        abort(what);
    }

    static Program start(List<String> command) throws IOException {
        return start(command, DEADLINE_SECONDS);
    }

    static Program start(List<String> command, long deadlineSeconds) throws IOException {
        return start(command, deadlineSeconds, Redirect.INHERIT);
    }

    static Program start(List<String> command, long deadlineSeconds, Redirect errors) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        Executor later = CompletableFuture.delayedExecutor(deadlineSeconds, TimeUnit.SECONDS);
        later.execute(process::destroyForcibly);
        return new Program(process);
    }

    /** Writes its standard input, on a thread of its own, and ends it. */
    CompletableFuture<Void> write(byte[] bytes) {
        return write(bytes, CompletableFuture.completedFuture(null));
    }

    /** Ends its standard input not before {@code end} is complete. */
    CompletableFuture<Void> write(byte[] bytes, CompletableFuture<?> end) {
        return CompletableFuture.runAsync(
                () -> {
                    try (OutputStream input = process.getOutputStream()) {
                        input.write(bytes);
                        input.flush();
                        end.join();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task, "input of the program").start());
    }

    /** The port that it listens on, by the system's choice; waits until it does. */
    int listeningPort() throws IOException {
        return ListeningPort.of(process);
    }

    InputStream output() {
        return process.getInputStream();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
