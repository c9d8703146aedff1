package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.tests.tls.FailureWays.Kind;
import io.github.ioqueue.tests.tls.FailureWays.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way a TLS connection fails after the handshake while accepted bytes are on their way, observed; docs/closing.md has
 * the table of what is seen.
 */
class TlsFailureTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "closing.md");
    private static final TlsLimits LIMITS = TlsLimits.defaults().withRecordsWithoutData(4);

    private static final ExecutorService ELSEWHERE = Executors.newSingleThreadExecutor();

    @AfterAll
    static void stop() {
        ELSEWHERE.shutdown();
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, handshakes {3}, fast track {4}")
    @MethodSource("io.github.ioqueue.tests.tls.CloseStage#pairs")
    void theTableIsWhatIsSeen(String backend, TlsVersion version, String role, String handshakes, FastTrack track)
            throws Exception {
        observe(CloseStage.of(backend, version, role, handshakes, track, ELSEWHERE, LIMITS));
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}, {1}, {2}, handshakes {3}, fast track {4}")
    @MethodSource("io.github.ioqueue.tests.tls.CloseStage#product")
    void theTableIsWhatIsSeenInEveryCombination(
            String backend, TlsVersion version, String role, String handshakes, FastTrack track) throws Exception {
        observe(CloseStage.of(backend, version, role, handshakes, track, ELSEWHERE, LIMITS));
    }

    private static void observe(CloseStage stage) throws Exception {
        List<Kind> kinds = new ArrayList<>(FailureWays.alike());
        if (stage.version() == TlsVersion.TLS_1_3) {
            kinds.add(FailureWays.keyUpdates());
        } else if (stage.capabilities().contains(TlsCapability.RENEGOTIATION)) {
            kinds.add(FailureWays.renegotiation());
        }
        List<String> rows = new ArrayList<>();
        for (Kind kind : kinds) {
            Set<String> seen = new LinkedHashSet<>();
            for (Place place : kind.places()) {
                CloseStage.Seen one = stage.see(kind.at(place));
                seen.add(one.heard().replace("`onData`, ", "") + " | " + one.application());
            }
            rows.add("| " + kind.name() + " | " + String.join(" / ", seen) + " |");
        }
        assertThat(Files.readAllLines(DOCUMENT))
                .as("the rows of the table as they should be:\n" + String.join("\n", rows))
                .containsAll(rows);
    }
}
