package io.github.ioqueue.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs all of jcstress's tests in a JVM of their own; its report is {@code target/jcstress}. */
@Tag("slow")
class StressTest {

    private static final Path RESULTS = Path.of("target", "jcstress");

    /** How many there are. */
    private static final int TESTS = 4;

    @Test
    void nothingForbiddenIsSeen() throws Exception {
        Files.createDirectories(RESULTS);
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-m",
                        "quick",
                        "-r",
                        ".")
                .directory(RESULTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(RESULTS.resolve("log.txt").toFile())
                .start();
        assertThat(run.waitFor(1, TimeUnit.HOURS)).isTrue();
        assertThat(log())
                .contains("Failed tests: No matches", "Error tests: No matches", "tests: " + TESTS + " matching");
        assertThat(run.exitValue()).isZero();
    }

    private static String log() throws IOException {
        return Files.readString(RESULTS.resolve("log.txt"));
    }
}
