package io.github.ioqueue.tests.tls.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Handshakes with one byte changed, or cut off behind one: every byte of both directions, in either version, with keys of
 * several kinds, with client certificates, and resumed. {@link Handshake} says what may come of it.
 */
class MutatedHandshakeTest {

    private static final String BACKENDS = "io.github.ioqueue.tests.tls.TlsRig#backends";

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aSampleOfChangedHandshakesHarmsNobody(String backend) throws Exception {
        long seed = Long.getLong("mutation.seed", System.nanoTime());
        changeIn(backend, 2, "300", Long.toString(seed));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void noChangedByteOfAHandshakeHarmsAnybody(String backend) throws Exception {
        changeIn(backend, 60, "all");
    }

    private static void changeIn(String backend, int minutes, String... how) throws Exception {
        Path log = Path.of("target", "mutated-" + backend + "-" + how[0] + ".txt");
        Files.createDirectories(log.getParent());
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=" + (how.length > 1 ? 1 : 4), // the sample is over before anything is hot
                "-cp",
                System.getProperty("java.class.path"),
                MutatedHandshakes.class.getName(),
                backend);
        builder.command().addAll(List.of(how));
        Process run =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            assertThat(run.waitFor(minutes, TimeUnit.MINUTES)).as("see " + log).isTrue();
        } finally {
            run.destroyForcibly();
        }
        String told = String.join(" ", how) + "\n" + Files.readString(log);
        assertThat(run.exitValue()).as(told).isZero();
        assertThat(told).contains("mutated " + backend + ": ").contains(", 0 wrong");
    }
}
