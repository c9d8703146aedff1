package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.tests.Pairwise;
import io.github.ioqueue.tests.tls.CloseWays.Reading;
import io.github.ioqueue.tests.tls.CloseWays.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a TLS connection ends, observed; docs/closing.md has the tables of what is seen. */
class TlsCloseTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "closing.md");
    private static final long SEED = Long.getLong("test.seed", System.nanoTime());
    private static final TestAuthority AUTHORITY = TestAuthority.create();

    private static final ExecutorService ELSEWHERE = Executors.newSingleThreadExecutor();

    @AfterAll
    static void stop() {
        ELSEWHERE.shutdown();
    }

    private static Pairwise rows() {
        return Pairwise.of(
                row -> true,
                TlsRig.backends(),
                List.of(TlsVersion.values()),
                List.of("server", "client"),
                List.of("on the loop", "elsewhere"),
                List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(SEED)));
    }

    static List<Object[]> pairs() {
        return rows().pairs(SEED);
    }

    static List<Object[]> product() {
        return rows().product();
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, handshakes {3}, fast track {4}")
    @MethodSource("pairs")
    void theTablesAreWhatIsSeen(String backend, TlsVersion version, String role, String handshakes, FastTrack track)
            throws Exception {
        observe(backend, version, role, handshakes, track);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}, {1}, {2}, handshakes {3}, fast track {4}")
    @MethodSource("product")
    void theTablesAreWhatIsSeenInEveryCombination(
            String backend, TlsVersion version, String role, String handshakes, FastTrack track) throws Exception {
        observe(backend, version, role, handshakes, track);
    }

    private static void observe(String backend, TlsVersion version, String role, String handshakes, FastTrack track)
            throws Exception {
        TlsConfig.Builder config = config(backend, version);
        if (handshakes.equals("elsewhere")) {
            config.handshakesOn(ELSEWHERE);
        }
        Stage stage = new Stage(
                version,
                role.equals("server"),
                track,
                TlsBackend.named(backend).context(config.build()),
                TlsBackend.named(TlsBackend.JDK)
                        .context(config(TlsBackend.JDK, version).build()));
        List<String> rows = new ArrayList<>();
        for (Way way : CloseWays.alike()) {
            rows.add("| " + way.name() + " | " + stage.see(way) + " |");
        }
        for (Way way : stage.others()) {
            rows.add("| " + way.name() + " | " + stage.where() + " | " + stage.see(way) + " |");
        }
        assertThat(Files.readAllLines(DOCUMENT))
                .as("the rows of the tables as they should be:\n" + String.join("\n", rows))
                .containsAll(rows);
    }

    private static TlsConfig.Builder config(String backend, TlsVersion version) {
        return TlsConfig.builder()
                .identity(AUTHORITY.identity("localhost"))
                .trust(AUTHORITY.certificates())
                .versions(version)
                .limits(TlsLimits.defaults().withRenegotiations(backend.equals(TlsBackend.JDK) ? 1 : 0));
    }

    /** Where the ways are gone. */
    private record Stage(TlsVersion version, boolean server, FastTrack track, TlsContext context, TlsContext thePeers) {

        private Set<TlsCapability> capabilities() {
            return context.backend().capabilities();
        }

        private boolean halfCloses() {
            return version == TlsVersion.TLS_1_3 && capabilities().contains(TlsCapability.HALF_CLOSE);
        }

        /** As the table names it. */
        String where() {
            String number = version == TlsVersion.TLS_1_2 ? "1.2" : "1.3";
            return halfCloses()
                    ? number + ", `HALF_CLOSE`"
                    : capabilities().contains(TlsCapability.READ_ON) ? number + ", `READ_ON`" : number;
        }

        List<Way> others() {
            List<Way> ways = new ArrayList<>(CloseWays.halfCloses());
            if (version == TlsVersion.TLS_1_3) {
                ways.add(CloseWays.theOtherGoesOn());
            } else if (capabilities().contains(TlsCapability.REKEY)) {
                ways.add(CloseWays.renegotiating());
            }
            return ways;
        }

        /** What is heard here, and seen there. */
        String see(Way way) throws Exception {
            try (CloseScene scene = new CloseScene(track)) {
                scene.connect(server, context, thePeers, way.config());
                if (way.opened()) {
                    scene.handshake();
                }
                way.act().on(scene);
                boolean reads = !scene.peer.isClosed();
                Thread reader = new Thread(() -> read(scene.peer, way), "reader");
                if (reads && way.reading() == Reading.AT_ONCE) {
                    reader.start();
                }
                scene.until("it is closed", () -> scene.witness.closed);
                scene.settle();
                if (reads && way.reading() == Reading.AFTERWARDS) {
                    reader.start();
                }
                reader.join();
                assertThat(scene.peer.received().length).isGreaterThanOrEqualTo(way.bytes());
                return String.join(", ", scene.witness.heard) + " | " + (reads ? scene.peer.seen() : "(its own doing)");
            } catch (AssertionError e) {
                throw new AssertionError(way.name() + ", " + this + ": " + e.getMessage(), e);
            }
        }

        private static void read(HandPeer peer, Way way) {
            if (way.opened()) {
                peer.readToTheEnd(way.answer());
            } else {
                peer.readInTheHandshake();
            }
        }
    }
}
