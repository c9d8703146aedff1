package io.github.ioqueue.tests.tls.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.jsse.JdkBackend;
import io.github.ioqueue.ssl.jsse.JsseBackend;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.testkit.ssl.Promise;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the contract writes down, and of what. */
class ContractReportTest {

    private static final String KEPT = "aCommonNameIsNoName";
    private static final String BROKEN = "tasksRunOnAnotherThreadOrThereAreNone";
    private static final String REFUSED = "anIdentityOnEd25519ServesBothEndsOrIsRefused";

    @TempDir
    private Path folder;

    private String page(TlsBackend backend) throws Exception {
        ContractRun.run(backend, folder, KEPT, BROKEN, REFUSED);
        try (var pages = Files.list(folder)) {
            return Files.readString(pages.findFirst().orElseThrow());
        }
    }

    private static JsseBackend without(TlsCapability... missing) {
        JdkBackend base = new JdkBackend();
        EnumSet<TlsCapability> fewer = EnumSet.copyOf(base.capabilities());
        fewer.removeAll(Arrays.asList(missing));
        return new JsseBackend("fewer", WrongTraitsTest.with(base.traits(), "capabilities", fewer)) {};
    }

    @Test
    void aPageTellsEngineCapabilitiesAndVerdicts() throws Exception {
        assertThat(page(without(TlsCapability.TASKS, TlsCapability.ED25519)))
                .contains("# The TLS backend contract: fewer")
                .contains("| engine | JDK " + Runtime.version() + " |")
                .contains("| `NameContract#" + KEPT + "` | kept |")
                .contains("| `TaskContract#" + BROKEN + "` | **broken**: ")
                .contains("| `HandshakeContract#" + REFUSED + "` | kept: refused, without ED25519 |")
                .containsPattern("not among them \\| .*TASKS.*ED25519");
    }

    @Test
    void aCaseThatIsBrokenOnceIsBroken() throws Exception {
        assertThat(page(without(TlsCapability.TASKS)).lines().filter(line -> line.contains(BROKEN)))
                .singleElement()
                .asString()
                .contains("[1]", "[2]");
    }

    @Test
    void everyTestOfTheContractHasAPromiseAndANameOfItsOwn() {
        List<Method> tests = ContractRun.tests();
        assertThat(tests).hasSizeGreaterThan(90);
        assertThat(tests).allMatch(test -> test.isAnnotationPresent(Promise.class));
        assertThat(tests.stream().map(Method::getName)).doesNotHaveDuplicates();
    }

    @Test
    void everyCapabilityHasACase() {
        assertThat(ContractRun.tests().stream()
                        .flatMap(test ->
                                Arrays.stream(test.getAnnotation(Promise.class).where()))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(TlsCapability.values());
    }
}
