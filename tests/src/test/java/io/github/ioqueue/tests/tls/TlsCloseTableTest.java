package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.tests.tls.CloseStage.Seen;
import io.github.ioqueue.tests.tls.CloseWays.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a TLS connection ends, observed; docs/closing.md has the tables of what is seen. */
class TlsCloseTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "closing.md");

    private static final ExecutorService ELSEWHERE = Executors.newSingleThreadExecutor();

    @AfterAll
    static void stop() {
        ELSEWHERE.shutdown();
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, handshakes {3}, fast track {4}")
    @MethodSource("io.github.ioqueue.tests.tls.CloseStage#pairs")
    void theTablesAreWhatIsSeen(String backend, TlsVersion version, String role, String handshakes, FastTrack track)
            throws Exception {
        observe(backend, version, role, handshakes, track);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}, {1}, {2}, handshakes {3}, fast track {4}")
    @MethodSource("io.github.ioqueue.tests.tls.CloseStage#product")
    void theTablesAreWhatIsSeenInEveryCombination(
            String backend, TlsVersion version, String role, String handshakes, FastTrack track) throws Exception {
        observe(backend, version, role, handshakes, track);
    }

    private static void observe(String backend, TlsVersion version, String role, String handshakes, FastTrack track)
            throws Exception {
        TlsLimits limits = TlsLimits.defaults().withRenegotiations(backend.equals(TlsBackend.JDK) ? 1 : 0);
        CloseStage stage = CloseStage.of(backend, version, role, handshakes, track, ELSEWHERE, limits);
        List<String> rows = new ArrayList<>();
        for (Way way : CloseWays.alike()) {
            rows.add("| " + way.name() + " | " + cells(stage.see(way)));
        }
        for (Way way : others(stage)) {
            rows.add("| " + way.name() + " | " + stage.where() + " | " + cells(stage.see(way)));
        }
        assertThat(Files.readAllLines(DOCUMENT))
                .as("the rows of the tables as they should be:\n" + String.join("\n", rows))
                .containsAll(rows);
    }

    private static String cells(Seen seen) {
        return seen.heard() + " | " + seen.wire() + " | " + seen.application() + " |";
    }

    private static List<Way> others(CloseStage stage) {
        List<Way> ways = new ArrayList<>(CloseWays.halfCloses());
        if (stage.version() == TlsVersion.TLS_1_3) {
            ways.add(CloseWays.theOtherGoesOn());
        } else if (stage.capabilities().contains(TlsCapability.REKEY)) {
            ways.add(CloseWays.renegotiating());
        }
        return ways;
    }
}
