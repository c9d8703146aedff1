package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name is there. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)#(\\w+)`");

    @Test
    void everyTestThatTheMapNamesExists() throws IOException {
        Map<String, String> sources = testSources();
        Matcher named = TEST.matcher(Files.readString(ROOT.resolve("docs/pjlib-map.md")));
        int count = 0;
        while (named.find()) {
            assertThat(sources.getOrDefault(named.group(1) + ".java", ""))
                    .as(named.group())
                    .contains("void " + named.group(2) + "(");
            count++;
        }
        assertThat(count).isGreaterThan(50);
    }

    private static Map<String, String> testSources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().contains("src/test/java")
                            && file.toString().endsWith("Test.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString(), DocumentationTest::read, (a, b) -> a + b));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
