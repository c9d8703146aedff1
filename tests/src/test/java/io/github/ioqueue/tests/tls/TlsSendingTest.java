package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.tests.Pairwise;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How sends go out under TLS, by real engines on real sockets. */
@ParameterizedClass(name = "{0}, {1}, {2}, fast track {3}")
@MethodSource("ways")
record TlsSendingTest(String backend, TlsVersion version, String role, FastTrack track) {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final int LARGE = 20_000;
    private static final long SEED = Long.getLong("test.seed", System.nanoTime());

    static List<Object[]> ways() {
        return Pairwise.of(
                        row -> true,
                        TlsRig.backends(),
                        List.of(TlsVersion.values()),
                        List.of("server", "client"),
                        List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(SEED)))
                .pairs(SEED);
    }

    private static TlsContext context(String backend, TlsVersion version) throws Exception {
        return TlsBackend.named(backend)
                .context(TlsConfig.builder()
                        .identity(AUTHORITY.identity("localhost"))
                        .trust(AUTHORITY.certificates())
                        .versions(version)
                        .build());
    }

    private CloseScene connected(StreamConfig config) throws Exception {
        CloseScene scene = new CloseScene(track);
        scene.connect(role.equals("server"), context(backend, version), context(TlsBackend.JDK, version), config);
        return scene;
    }

    private CloseScene opened() throws Exception {
        CloseScene scene = connected(StreamConfig.defaults());
        scene.handshake();
        scene.settle();
        return scene;
    }

    /** Ends it, so that the queue can be judged. */
    private static void end(CloseScene scene) {
        scene.run(scene.socket::abort);
        scene.until("it is closed", () -> scene.witness.closed);
        assertThat(scene.errors).isEmpty();
    }

    /** Of a pattern that tells its places apart. */
    private static byte[] pattern(int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = (byte) (i % 251);
        }
        return bytes;
    }

    @Test
    void sixteenSmallSendsOfOneCallbackAreOneRecordAndOneSystemCall() throws Exception {
        try (CloseScene scene = opened()) {
            scene.witness.answer = socket -> {
                for (int i = 0; i < 16; i++) {
                    socket.send(ByteBuffer.wrap(pattern(100 * i, 100 * i + 100)));
                }
            };
            long writes = scene.calls.calls(OpKind.WRITE);
            scene.peer.send(new byte[] {42});
            scene.during(() -> scene.peer.read(1600), () -> true);
            assertThat(scene.peer.received()).isEqualTo(pattern(0, 1600));
            assertThat(scene.peer.dataRecords()).isEqualTo(1);
            assertThat(scene.calls.calls(OpKind.WRITE) - writes).isEqualTo(1);
            end(scene);
        }
    }

    @Test
    void aLargeOpIsDoneAtOnceOrHasItsCallbackAndNeverBoth() throws Exception {
        try (CloseScene scene = opened()) {
            WriteOp op = new WriteOp(ByteBuffer.wrap(pattern(0, LARGE)));
            Sending[] answer = new Sending[1];
            scene.run(() -> answer[0] = scene.socket.send(op));
            if (!track.equals(FastTrack.OFF) && !track.equals(FastTrack.ON)) {
                assertThat(answer[0]).isIn(Sending.DONE, Sending.PENDING);
            } else {
                assertThat(answer[0]).isEqualTo(track.equals(FastTrack.ON) ? Sending.DONE : Sending.PENDING);
            }
            scene.during(() -> scene.peer.read(LARGE), () -> !op.isPending());
            scene.settle();
            assertThat(op.count()).isEqualTo(LARGE);
            assertThat(scene.witness.heard).isEqualTo(answer[0] == Sending.DONE ? List.of() : List.of("`onSent`"));
            end(scene);
        }
    }

    @Test
    void sendsOfAnotherThreadAndOfTheLoopInTurnComeInTheirOrder() throws Exception {
        int turns = 300;
        try (CloseScene scene = opened()) {
            scene.run(() -> {
                for (int i = 0; i < turns; i++) {
                    int turn = i;
                    // Each has returned before the next begins, and none has a turn of the loop to itself.
                    Thread other = new Thread(() -> sendAnyhow(scene, 20 * turn, turn));
                    other.start();
                    other.join();
                    sendAnyhow(scene, 20 * turn + 10, turn / 2);
                }
            });
            scene.during(() -> scene.peer.read(20 * turns), () -> true);
            assertThat(scene.peer.received()).isEqualTo(pattern(0, 20 * turns));
            end(scene);
        }
    }

    /** Ten bytes, by either kind of send. */
    private static void sendAnyhow(CloseScene scene, int at, int turn) {
        ByteBuffer bytes = ByteBuffer.wrap(pattern(at, at + 10));
        if (turn % 2 == 0) {
            assertThat(scene.socket.send(bytes)).isEqualTo(Sent.TAKEN);
        } else {
            assertThat(scene.socket.send(new WriteOp(bytes))).isEqualTo(Sending.PENDING);
        }
    }

    @Test
    void inTheHandshakeTheLimitsHoldAndWritableComesOnceBehindOnOpen() throws Exception {
        try (CloseScene scene = connected(StreamConfig.defaults().withMaxQueued(10_000, 100))) {
            WriteOp refused = new WriteOp(ByteBuffer.allocate(1));
            scene.run(() -> {
                assertThat(scene.socket.send(ByteBuffer.wrap(pattern(0, 6_000))))
                        .isEqualTo(Sent.TAKEN);
                assertThat(scene.socket.send(new WriteOp(ByteBuffer.wrap(pattern(6_000, 10_000)))))
                        .isEqualTo(Sending.PENDING);
                assertThat(scene.socket.send(ByteBuffer.allocate(1))).isEqualTo(Sent.FULL);
                assertThat(scene.socket.send(refused)).isEqualTo(Sending.FULL);
            });
            scene.settle();
            assertThat(scene.witness.heard).isEmpty();
            assertThat(scene.socket.queuedBytes()).isEqualTo(10_000);
            scene.handshake();
            scene.during(() -> scene.peer.read(10_000), () -> scene.witness.heard.size() == 2);
            scene.settle();
            assertThat(scene.peer.received()).isEqualTo(pattern(0, 10_000));
            assertThat(scene.witness.heard).containsExactlyInAnyOrder("`onWritable`", "`onSent`");
            assertThat(scene.socket.queuedBytes()).isZero();
            end(scene);
        }
    }

    @Test
    void aPeerThatOnlyChangesKeysIsCutOff() throws Exception {
        assumeTrue(version == TlsVersion.TLS_1_3, "key updates are of TLS 1.3");
        try (CloseScene scene = opened()) {
            int borne = 32;
            for (int round = 0; round < 3; round++) {
                rekeyed(scene, borne - 2); // two tickets may count as well
                scene.peer.send(new byte[] {42});
                scene.settle();
                assertThat(scene.witness.closed).as(scene.toString()).isFalse();
            }
            assertThat(scene.witness.heard)
                    .isEqualTo(IntStream.range(0, 3).mapToObj(i -> "`onData`").toList());
            rekeyed(scene, borne + 1);
            scene.during(() -> scene.peer.readToTheEnd(peer -> {}), () -> scene.witness.closed);
            assertThat(scene.witness.heard.get(3)).isEqualTo("`onClosed` FAILED by `PEER_MISBEHAVED`");
        }
    }

    private static void rekeyed(CloseScene scene, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            scene.peer.rekey();
        }
        scene.settle();
    }
}
