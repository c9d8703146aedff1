package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClosingTest {

    private static final StreamConfig CONFIG = StreamConfig.defaults();
    private static final StreamConfig ROOMY =
            CONFIG.withMaxQueued(64 << 20, 1000).withCloseTimeout(Duration.ofHours(1));
    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";
    private static final String WORLDS = "io.github.ioqueue.activesock.World#all";

    @ParameterizedTest
    @MethodSource(WORLDS)
    void closeSendsWhatWasTakenAndThenEnds(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            rig.pair(from, to, ROOMY);
            int n = 8 << 20;
            rig.run(() -> {
                from.socket().send(Bytes.heap(0, 100));
                from.socket().send(Bytes.heap(100, n - 100));
                from.socket().close();
                assertThat(from.socket().send(Bytes.heap(0, 1))).isEqualTo(Sent.CLOSED);
            });
            rig.until("both are closed", () -> from.closed() && to.closed());
            assertThat(to.in.toByteArray()).isEqualTo(Bytes.array(n));
            assertThat(from.kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(to.ended).isTrue();
            assertThat(to.kind()).isEqualTo(CloseReason.Kind.PEER_END);
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void closeFromOutsideFlushesToo(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            rig.pair(from, to, ROOMY);
            from.socket().send(Bytes.heap(0, 3 << 20));
            from.socket().close();
            from.socket().close();
            rig.until("both are closed", () -> from.closed() && to.closed());
            assertThat(to.in.toByteArray()).isEqualTo(Bytes.array(3 << 20));
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aCloseThatThePeerDoesNotLetFlushIsCutByItsDeadline(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, ROOMY.withCloseTimeout(Duration.ofMillis(50)));
            rig.run(() -> {
                server.socket().send(Bytes.heap(0, 32 << 20));
                server.socket().close();
            });
            rig.until("it is closed", server::closed);
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
            assertThat(server.reason.cause()).isInstanceOf(DeadlineException.class);
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void abortDropsWhatIsQueuedAndResetsThePeer(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG);
            server.socket().abort();
            rig.until("it is closed", server::closed);
            rig.rounds(2);
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.LOCAL);
            Assertions.assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> peer.getInputStream().read())
                    .withMessageContaining("reset");
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aResetOfThePeerIsToldAsReset(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG);
            peer.setSoLinger(true, 0);
            peer.close();
            rig.until("it is closed", server::closed);
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.RESET);
            assertThat(server.ended).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void theEndOfThePeerIsToldOnceAndSendingGoesOn(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            server.end = socket -> socket.send(Bytes.heap(0, 100_000));
            Socket peer = rig.peerOf(server, CONFIG);
            peer.getOutputStream().write(7);
            peer.shutdownOutput();
            rig.until("all is written", () -> server.ended && server.socket().queuedBytes() == 0);
            assertThat(peer.getInputStream().readNBytes(100_000)).isEqualTo(Bytes.array(100_000));
            assertThat(server.closed()).isFalse();
            server.socket().close();
            rig.until("it is closed", server::closed);
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.PEER_END);
            assertThat(server.in.toByteArray()).containsExactly(7);
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void shutdownOutputEndsTheStreamBehindWhatWasTakenAndReadingGoesOn(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            to.end = socket -> {
                socket.send(Bytes.heap(0, 300_000));
                socket.close();
            };
            rig.pair(from, to, ROOMY);
            rig.run(() -> {
                from.socket().send(Bytes.heap(0, 10));
                from.socket().send(Bytes.heap(10, 2 << 20));
                from.socket().shutdownOutput();
                assertThat(from.socket().send(Bytes.heap(0, 1))).isEqualTo(Sent.CLOSED);
            });
            rig.until("both are closed", () -> from.closed() && to.closed());
            assertThat(to.in.toByteArray()).isEqualTo(Bytes.array((2 << 20) + 10));
            assertThat(from.in.toByteArray()).isEqualTo(Bytes.array(300_000));
            assertThat(from.kind()).isEqualTo(CloseReason.Kind.PEER_END);
            assertThat(to.kind()).isEqualTo(CloseReason.Kind.PEER_END);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aThrowingHandlerLosesItsSocketAndNoOther(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder bad = rig.recorder();
            Recorder good = rig.recorder();
            RuntimeException thrown = new IllegalStateException("on purpose");
            bad.data = (socket, in) -> {
                throw thrown;
            };
            good.data = (socket, in) -> socket.send(in);
            Socket badPeer = rig.peerOf(bad, CONFIG);
            Socket goodPeer = rig.peerOf(good, CONFIG);
            badPeer.getOutputStream().write(1);
            rig.until("it is closed", bad::closed);
            assertThat(bad.kind()).isEqualTo(CloseReason.Kind.FAILED);
            assertThat(bad.reason.cause()).isSameAs(thrown);
            assertThat(rig.errors).containsExactly(thrown);
            int before = good.dataCalls;
            goodPeer.getOutputStream().write(9);
            rig.until(
                    "the other goes on",
                    () -> good.dataCalls > before && good.socket().queuedBytes() == 0);
            assertThat(goodPeer.getInputStream().read()).isEqualTo(9);
            badPeer.close();
            goodPeer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void throwingInAnyCallbackIsToldToTheErrorHandlerAndAborts(FastTrack track) throws Exception {
        RuntimeException thrown = new IllegalStateException("on purpose");
        for (int which = 0; which < 3; which++) {
            try (Rig rig = new Rig(track)) {
                Recorder bad = rig.recorder();
                if (which == 0) {
                    bad.open = socket -> {
                        throw thrown;
                    };
                } else if (which == 1) {
                    bad.end = socket -> {
                        throw thrown;
                    };
                } else {
                    bad.onSent = (socket, op) -> {
                        throw thrown;
                    };
                }
                Socket peer = rig.peerOf(bad, CONFIG);
                if (which == 1) {
                    peer.shutdownOutput();
                } else if (which == 2) {
                    rig.queue.execute(() -> bad.socket().send(new io.github.ioqueue.WriteOp(Bytes.heap(0, 5))));
                }
                rig.until("it is closed", bad::closed);
                assertThat(bad.kind()).isEqualTo(CloseReason.Kind.FAILED);
                assertThat(rig.errors).containsExactly(thrown);
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void theClosingOfTheQueueIsALocalReason(FastTrack track) throws Exception {
        Recorder server;
        try (Rig rig = new Rig(track)) {
            server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG);
            rig.queue.close();
            assertThat(server.closed()).isTrue();
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(server.socket().send(Bytes.heap(0, 1))).isEqualTo(Sent.CLOSED);
            server.socket().close();
            server.socket().abort();
            server.socket().pauseReading();
            server.socket().resumeReading();
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void closeInOnOpenAndInOnDataComeOnce(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder server = rig.recorder();
            Recorder client = rig.recorder();
            client.open = socket -> {
                socket.send(Bytes.heap(0, 10));
                socket.close();
            };
            server.data = (socket, in) -> {
                server.take(in, 4);
                socket.close();
            };
            rig.pair(server, client, CONFIG);
            rig.until("both are closed", () -> server.closed() && client.closed());
            assertThat(server.in.size()).isEqualTo(4);
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.LOCAL);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void whatWasTakenArrivesThoughThePeerStillSends(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, ROOMY);
            server.socket().pauseReading();
            rig.run(() -> {});
            peer.getOutputStream().write(new byte[10_000]);
            int n = 1 << 20;
            rig.run(() -> {
                server.socket().send(Bytes.heap(0, n));
                server.socket().close();
            });
            byte[] seen = new byte[n];
            Thread reader = new Thread(() -> {
                try {
                    new DataInputStream(peer.getInputStream()).readFully(seen);
                } catch (IOException e) {
                    seen[0] = -1;
                }
            });
            reader.start();
            rig.until("it is read", () -> !reader.isAlive());
            assertThat(seen).isEqualTo(Bytes.array(n));
            peer.close();
        }
    }

    @Test
    void everyFailureAmountsToAKind() {
        assertThat(CloseReason.of(new DeadlineException("late")).kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
        assertThat(CloseReason.of(new IOException("other")).kind()).isEqualTo(CloseReason.Kind.FAILED);
        assertThat(CloseReason.LOCAL).hasToString("LOCAL");
        assertThat(CloseReason.of(new DeadlineException("late"))).hasToString("TIMED_OUT (late)");
    }
}
