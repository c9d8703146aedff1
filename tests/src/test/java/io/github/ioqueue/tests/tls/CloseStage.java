package io.github.ioqueue.tests.tls;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.PeerTruth.End;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.tests.Pairwise;
import io.github.ioqueue.tests.tls.CloseWays.Reading;
import io.github.ioqueue.tests.tls.CloseWays.Way;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Where the ways of closing are tried.
 *
 * @param server whether the end under test is the server
 */
record CloseStage(TlsVersion version, boolean server, FastTrack track, TlsContext context, TlsContext thePeers) {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final String ELSEWHERE = "elsewhere";
    private static final int ROUNDS = 100;

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());

    /** Rows in which each two values meet, of {@link #rows}. */
    static List<Object[]> pairs() {
        return rows().pairs(SEED);
    }

    /** All rows. */
    static List<Object[]> product() {
        return rows().product();
    }

    /** Backends, versions, roles, where handshakes are done, and fast tracks. */
    private static Pairwise rows() {
        return Pairwise.of(
                row -> true,
                TlsRig.backends(),
                List.of(TlsVersion.values()),
                List.of("server", "client"),
                List.of("on the loop", ELSEWHERE),
                List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(SEED)));
    }

    static CloseStage of(
            String backend,
            TlsVersion version,
            String role,
            String handshakes,
            FastTrack track,
            Executor executor,
            TlsLimits limits)
            throws Exception {
        TlsConfig.Builder config = config(version).limits(limits);
        if (handshakes.equals(ELSEWHERE)) {
            config.handshakesOn(executor);
        }
        return new CloseStage(
                version,
                role.equals("server"),
                track,
                TlsBackend.named(backend).context(config.build()),
                TlsBackend.named(TlsBackend.JDK)
                        .context(config(version)
                                .limits(TlsLimits.defaults().withRenegotiations(1))
                                .build()));
    }

    private static TlsConfig.Builder config(TlsVersion version) {
        return TlsConfig.builder()
                .identity(AUTHORITY.identity("localhost"))
                .trust(AUTHORITY.certificates())
                .versions(version);
    }

    Set<TlsCapability> capabilities() {
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

    /** What an end was. */
    record Seen(String heard, String wire, String application) {}

    /** Goes one way; returns what the handler hears, and what the peer and its application see. */
    Seen see(Way way) throws Exception {
        try (CloseScene scene = new CloseScene(track)) {
            scene.connect(server, context, thePeers, way.config());
            if (way.reading().opened()) {
                scene.handshake();
            }
            way.act().on(scene);
            boolean reads = !scene.peer.isClosed();
            Thread reader = new Thread(() -> read(scene.peer, way), "reader");
            if (reads && way.reading() != Reading.AFTERWARDS) {
                reader.start();
            }
            awaitClosed(scene);
            if (reads && way.reading() == Reading.AFTERWARDS) {
                reader.start();
            }
            reader.join();
            return seen(way, scene, reads);
        } catch (AssertionError e) {
            throw new AssertionError(way.name() + ", " + this + ": " + e.getMessage(), e);
        }
    }

    private static void awaitClosed(CloseScene scene) {
        CloseScene.Witness witness = scene.witness;
        scene.until("it is closed", () -> witness.closed || (witness.ended && !witness.closesAtEnd));
        for (int round = 0; round < ROUNDS && !witness.closed; round++) {
            scene.settle();
        }
        if (!witness.closed) {
            witness.heard.add("no `onClosed`");
            scene.run(scene.socket::abort);
            scene.until("it is closed", () -> witness.closed);
        }
        scene.settle();
        for (int round = 0; round < ROUNDS && !scene.queue.isClosing() && scene.lentBytes() > 0; round++) {
            scene.settle(); // an executor has them, and the engine
        }
    }

    private static Seen seen(Way way, CloseScene scene, boolean reads) {
        String heard = String.join(", ", scene.witness.heard);
        End end = scene.truth.end();
        boolean failure =
                (end == End.ALERT || end == End.RESET) && !scene.peer.seen().contains("close_notify");
        if (way.fails() && failure) {
            String either = "an alert or a reset"; // by the backend, and by how far it came
            return new Seen(heard.replace(", bytes unsent", ""), either, either);
        }
        String own = "(its own doing)";
        return reads
                ? new Seen(heard, scene.peer.seen(), end == null ? own : scene.truth.seen())
                : new Seen(heard, own, own);
    }

    private static void read(HandPeer peer, Way way) {
        switch (way.reading()) {
            case IN_THE_HANDSHAKE -> peer.readInTheHandshake();
            case HANDSHAKE_FIRST -> peer.handshakeAndReadToTheEnd(way.answer());
            default -> peer.readToTheEnd(way.answer());
        }
    }
}
