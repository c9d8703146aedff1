package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.jsse.JsseTraits;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.testkit.ssl.hostile.PeerScript;
import io.github.ioqueue.testkit.ssl.hostile.PeerScripts;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name is there. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Contract))#(\\w+)`");
    private static final Pattern SCRIPTS = Pattern.compile("scripts? ((?:`\\w+`(?:, )?)+)");

    @Test
    void everyTestThatTheMapNamesExists() throws IOException {
        assertThat(namedTests("docs/pjlib-map.md")).isGreaterThan(50);
    }

    @Test
    void everyTestAndScriptOfTheSecurityRowsExistsAndNoScriptIsForgotten() throws IOException {
        assertThat(namedTests("docs/security-rows.md")).isGreaterThan(20);
        Matcher list = SCRIPTS.matcher(Files.readString(ROOT.resolve("docs/security-rows.md")));
        Set<String> named = list.results()
                .flatMap(found -> Stream.of(found.group(1).split("\\W+")))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        Set<String> there = PeerScripts.all().stream()
                .map(PeerScript::name)
                .filter(name -> !name.startsWith("helloForName")) // "and so on"
                .collect(Collectors.toSet());
        assertThat(named).isEqualTo(there);
    }

    @Test
    void everyCaseThatThePageAboutEnginesNamesExists() throws IOException {
        assertThat(namedTests("docs/engine-behaviour.md")).isGreaterThan(40);
    }

    private static int namedTests(String document) throws IOException {
        Map<String, String> sources = testSources();
        Matcher named = TEST.matcher(Files.readString(ROOT.resolve(document)));
        int count = 0;
        while (named.find()) {
            assertThat(sources.getOrDefault(named.group(1) + ".java", ""))
                    .as(named.group())
                    .contains("void " + named.group(2) + "(");
            count++;
        }
        return count;
    }

    @Test
    void thePageAboutEnginesHasEveryTraitAndCapability() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/engine-behaviour.md"));
        assertThat(Arrays.stream(JsseTraits.class.getRecordComponents()).map(RecordComponent::getName))
                .allSatisfy(trait -> assertThat(page).contains("\n| `" + trait + "` |"));
        assertThat(TlsCapability.values())
                .allSatisfy(capability -> assertThat(page).contains("\n| `" + capability + "` |"));
    }

    /** R1 to R15: the last number where all rules are meant. */
    @Test
    void whereAllRulesAreMeantTheLastNumberIsThatOfTheLastRule() throws IOException {
        String rules = Files.readString(ROOT.resolve("docs/rules.md"));
        long last = Pattern.compile("\n[|] [*]{2}R\\d+[*]{2} [|]")
                .matcher(rules)
                .results()
                .count();
        assertThat(rules).contains("| **R" + last + "** |");
        for (String file : List.of("CONTRIBUTING.md", "ioqueue/src/main/java/io/github/ioqueue/package-info.java")) {
            assertThat(Files.readString(ROOT.resolve(file))).as(file).contains("R1 to R" + last);
        }
    }

    private static Map<String, String> testSources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(
                            file -> file.toString().matches(".*/src/(test/java/.*Test|main/java/.*Contract)[.]java"))
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
