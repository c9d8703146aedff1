package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The numbers of the README are those of the sources, within a twentieth. */
class ReadingPathTest {

    private static final Path ROOT = Path.of("..");
    private static final Percentage TWENTIETH = Percentage.withPercentage(5);
    private static final Pattern STEP =
            Pattern.compile("(?m)^(\\d)[.] (?:(?!^\\d[.] |^## )[\\s\\S])*?About ([\\d,]+) lines");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");
    private static final Pattern WHOLE =
            Pattern.compile("about ([\\d,]+) lines of plain Java, a (\\w+) of them comments");
    private static final Pattern HEART = Pattern.compile("in the order given below, is about ([\\d,]+)");

    private final String readme;

    ReadingPathTest() throws IOException {
        readme = Files.readString(ROOT.resolve("README.md"));
    }

    private List<MatchResult> steps() {
        return STEP.matcher(readme).results().toList();
    }

    @Test
    void everyStepHasAsManyLinesAsItSays() {
        assertThat(steps())
                .hasSize(7)
                .allSatisfy(step -> assertThat((double) linesOf(step))
                        .as(step.group())
                        .isCloseTo(number(step.group(2)), TWENTIETH));
    }

    @Test
    void theHeartIsTheFirstFourSteps() {
        MatchResult heart = find(HEART);
        assertThat((double) steps().stream()
                        .limit(4)
                        .mapToLong(ReadingPathTest::linesOf)
                        .sum())
                .isCloseTo(number(heart.group(1)), TWENTIETH);
    }

    @Test
    void theQueueHasAsManyLinesAndCommentsAsItSays() {
        MatchResult whole = find(WHOLE);
        List<String> lines = lines(ROOT.resolve("ioqueue/src/main/java")).toList();
        long comments = lines.stream()
                .filter(line -> line.strip().matches("(/[*]|[*]|//).*"))
                .count();
        assertThat((double) lines.size()).isCloseTo(number(whole.group(1)), TWENTIETH);
        assertThat(whole.group(2)).isEqualTo("fifth");
        assertThat(100.0 * comments / lines.size()).isBetween(17.0, 23.0);
    }

    private MatchResult find(Pattern pattern) {
        return pattern.matcher(readme).results().findFirst().orElseThrow();
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace(",", ""));
    }

    private static long linesOf(MatchResult step) {
        return LINK.matcher(step.group())
                .results()
                .flatMap(link -> lines(ROOT.resolve(Objects.requireNonNull(link.group(1)))))
                .count();
    }

    private static Stream<String> lines(Path fileOrFolder) {
        try (Stream<Path> files = Files.walk(fileOrFolder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream()
                    .flatMap(ReadingPathTest::linesOfFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> linesOfFile(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
