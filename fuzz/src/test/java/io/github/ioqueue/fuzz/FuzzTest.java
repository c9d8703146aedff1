package io.github.ioqueue.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzes each target in a JVM of its own, which begins with inputs that are made here and goes on with what it has found to
 * be of use in earlier runs: {@code target/fuzz/NAME/corpus}. An input that breaks a property is {@code
 * target/fuzz/NAME/crash-…}; put it into {@code src/test/resources/NAME}, where it is tried in each run.
 */
@Tag("slow")
class FuzzTest {

    private static final Path RESULTS = Path.of("target", "fuzz");
    private static final Path FOUND = Path.of("src", "test", "resources");
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in");
    private static final int MINUTES_TO_START = 5;

    static Stream<Target> targets() {
        List<String> wanted = Stream.of(System.getProperty("fuzz.targets", "").split(","))
                .filter(name -> !name.isEmpty())
                .toList();
        List<String> names = Target.all().stream().map(Target::name).toList();
        assertThat(names).containsAll(wanted);
        return Target.all().stream().filter(target -> wanted.isEmpty() || wanted.contains(target.name()));
    }

    /** Without Jazzer, as a debugger wants it. */
    @ParameterizedTest
    @MethodSource("targets")
    void whatWasFoundOnceIsNotFoundAgain(Target target) throws Exception {
        List<byte[]> inputs = new ArrayList<>(target.inputs().make());
        Path found = FOUND.resolve(target.name());
        if (Files.exists(found)) {
            try (Stream<Path> files = Files.list(found)) {
                for (Path file : files.toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        for (byte[] input : inputs) {
            for (byte[] each : new byte[][] {input, {}, Arrays.copyOf(input, input.length / 2)}) {
                assertDoesNotThrow(() -> tryOne(target, each));
            }
        }
    }

    private static void tryOne(Target target, byte[] input) throws Throwable {
        try {
            target.of().getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInputBreaksAProperty(Target target) throws Exception {
        int seconds = Integer.getInteger("fuzz.seconds", 20);
        Path folder = RESULTS.resolve(target.name()).toAbsolutePath();
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        int number = 0;
        for (byte[] input : target.inputs().make()) {
            Files.write(seeds.resolve("seed-" + number++), input);
        }
        Path log = folder.resolve("log.txt");
        Process run = new ProcessBuilder(command(target, seconds, folder, corpus, seeds))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = run.waitFor(seconds + TimeUnit.MINUTES.toSeconds(MINUTES_TO_START), TimeUnit.SECONDS);
        run.destroyForcibly();
        boolean ok = ended && run.exitValue() == 0;
        report(target, log, ok);
        assertThat(ok).as(Files.readString(log)).isTrue();
    }

    private static List<String> command(Target target, int seconds, Path folder, Path corpus, Path seeds)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-Xmx512m",
                "-XX:-OmitStackTraceInFastThrow"));
        command.addAll(List.of(target.options()));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.of().getName(),
                "--instrumentation_includes=io.github.ioqueue.**",
                "-max_total_time=" + seconds,
                "-timeout=60",
                "-rss_limit_mb=3072",
                "-artifact_prefix=" + folder + "/",
                "--reproducer_path=" + folder,
                corpus.toString(),
                seeds.toString()));
        Path found = FOUND.resolve(target.name());
        if (Files.exists(found)) {
            command.add(found.toAbsolutePath().toString());
        }
        return command;
    }

    /** A line for ci/fuzz.sh. */
    private static void report(Target target, Path log, boolean ok) throws IOException {
        Matcher done = DONE.matcher(Files.readString(log));
        String line = "fuzz " + target.name() + ": " + (done.find() ? done.group(1) : "0") + " runs, "
                + (ok ? "ok" : "FAILED") + "\n";
        Files.writeString(RESULTS.resolve(target.name()).resolve("report.txt"), line);
    }
}
