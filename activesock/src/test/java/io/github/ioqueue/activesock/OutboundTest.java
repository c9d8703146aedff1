package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.probe.OpKind;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutboundTest {

    private static final StreamConfig CONFIG = StreamConfig.defaults();
    private static final StreamConfig SMALL = CONFIG.withMaxQueued(1000, 100);
    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";
    private static final String WORLDS = "io.github.ioqueue.activesock.World#all";

    @Test
    void sixteenSendsInOneCallbackAreOneReadAndOneWrite() throws Exception {
        try (Rig rig = new Rig(FastTrack.ON)) {
            Recorder server = rig.recorder();
            server.data = (socket, in) -> {
                in.position(in.limit());
                for (int i = 0; i < 16; i++) {
                    assertThat(socket.send(Bytes.heap(i * 10, 10))).isEqualTo(Sent.TAKEN);
                }
            };
            Socket peer = rig.peerOf(server, CONFIG);
            rig.rounds(2);
            long reads = rig.calls.calls(OpKind.READ);
            long writes = rig.calls.calls(OpKind.WRITE);
            peer.getOutputStream().write(1);
            rig.until("it has answered", () -> rig.calls.calls(OpKind.WRITE) > writes);
            rig.rounds(3);
            assertThat(peer.getInputStream().readNBytes(160)).isEqualTo(Bytes.array(160));
            assertThat(rig.calls.calls(OpKind.READ) - reads).isEqualTo(1);
            assertThat(rig.calls.calls(OpKind.WRITE) - writes).isEqualTo(1);
            peer.close();
        }
    }

    @Test
    void aLargeSendGoesWithTheGatherInFrontOfItByOneWrite() throws Exception {
        try (Rig rig = new Rig(FastTrack.ON)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG);
            long writes = rig.calls.calls(OpKind.WRITE);
            rig.run(() -> {
                server.socket().send(Bytes.heap(0, 100));
                server.socket().send(Bytes.heap(100, 20_000));
            });
            assertThat(peer.getInputStream().readNBytes(20_100)).isEqualTo(Bytes.array(20_100));
            assertThat(rig.calls.calls(OpKind.WRITE) - writes).isEqualTo(1);
            rig.rounds(2);
            assertThat(server.socket().queuedBytes()).isZero();
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aBufferIsTheCallersAgainAsSoonAsALargeSendReturns(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG);
            rig.run(() -> {
                ByteBuffer buffer = Bytes.direct(100, 20_000);
                server.socket().send(Bytes.heap(0, 100));
                assertThat(server.socket().send(buffer)).isEqualTo(Sent.TAKEN);
                buffer.clear().put(new byte[20_000]).flip();
            });
            rig.until("all is written", () -> server.socket().queuedBytes() == 0);
            assertThat(peer.getInputStream().readNBytes(20_100)).isEqualTo(Bytes.array(20_100));
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aSmallOpOnTheLoopIsPendingAndToldOnce(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG);
            WriteOp op = new WriteOp(Bytes.direct(0, 100));
            assertThat(rig.onLoop(() -> server.socket().send(op))).isEqualTo(Sending.PENDING);
            rig.until("it is told", () -> !server.sent.isEmpty());
            rig.rounds(3);
            assertThat(server.sent).containsExactly(op);
            assertThat(op.failure()).isNull();
            assertThat(op.count()).isEqualTo(100);
            assertThat(peer.getInputStream().readNBytes(100)).isEqualTo(Bytes.array(100));
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void mixedSendsArriveInTheirOrder(World world) throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (Rig rig = new Rig(world)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            rig.pair(from, to, CONFIG.withMaxQueued(64 << 20, 10_000));
            int[] at = {0};
            List<WriteOp> pending = new ArrayList<>();
            for (int turn = 0; turn < 60; turn++) {
                Runnable sends = () -> {
                    for (int i = random.nextInt(1, 8); i > 0; i--) {
                        at[0] += sendOne(from.socket(), random, at[0], pending);
                    }
                };
                if (random.nextBoolean()) {
                    rig.run(sends);
                } else {
                    sends.run(); // not in a poll: off the loop
                }
                rig.rounds(random.nextInt(2));
            }
            rig.until(
                    "all has arrived",
                    () -> to.in.size() == at[0] && from.socket().queuedBytes() == 0);
            assertThat(to.in.toByteArray()).isEqualTo(Bytes.array(at[0]));
            rig.until("all ops are told", () -> from.sent.size() == pending.size());
            assertThat(from.sent).containsExactlyElementsOf(pending);
        }
    }

    private static int sendOne(StreamSocket socket, SplittableRandom random, int start, List<WriteOp> pending) {
        int n = random.nextInt(4) == 0 ? random.nextInt(16_000, 200_000) : random.nextInt(1, 3000);
        ByteBuffer bytes = random.nextBoolean() ? Bytes.heap(start, n) : Bytes.direct(start, n);
        if (random.nextInt(3) > 0) {
            assertThat(socket.send(bytes)).isEqualTo(Sent.TAKEN);
            bytes.clear();
            while (bytes.hasRemaining()) {
                bytes.put((byte) 0x55); // it is ours again
            }
        } else {
            WriteOp op = new WriteOp(bytes);
            Sending answer = socket.send(op);
            assertThat(answer).isIn(Sending.DONE, Sending.PENDING);
            if (answer == Sending.PENDING) {
                pending.add(op);
            }
        }
        return n;
    }

    @Test
    void sendsOfManyThreadsArriveEachInItsOwnOrder() throws Exception {
        try (Rig rig = new Rig(FastTrack.ON)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            rig.pair(from, to, CONFIG.withMaxQueued(64 << 20, 1 << 20));
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int id = t;
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 5000; i++) {
                        from.socket()
                                .send(ByteBuffer.allocate(8)
                                        .putInt(id)
                                        .putInt(i)
                                        .flip());
                    }
                });
                threads.add(thread);
                thread.start();
            }
            rig.until("all has arrived", () -> to.in.size() == 4 * 5000 * 8);
            int[] next = new int[4];
            ByteBuffer in = ByteBuffer.wrap(to.in.toByteArray());
            while (in.hasRemaining()) {
                int id = in.getInt();
                assertThat(in.getInt()).isEqualTo(next[id]++);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void fullTakesNothingAndBringsExactlyOneOnWritable(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, SMALL);
            int[] taken = {0};
            rig.run(() -> {
                ByteBuffer bytes = Bytes.heap(0, 600);
                assertThat(server.socket().send(bytes)).isEqualTo(Sent.TAKEN);
                bytes.rewind();
                assertThat(server.socket().send(bytes)).isEqualTo(Sent.FULL);
                assertThat(bytes.remaining()).isEqualTo(600);
                assertThat(server.socket().send(new WriteOp(bytes))).isEqualTo(Sending.FULL);
                taken[0]++;
            });
            rig.until("there is room", () -> server.writables > 0);
            rig.rounds(5);
            assertThat(server.writables).isEqualTo(1);
            assertThat(server.sent).isEmpty();
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void aSendLargerThanTheLimitIsTakenWhenNothingIsQueued(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            rig.pair(from, to, SMALL);
            int n = 3_000_000;
            assertThat(rig.onLoop(() -> from.socket().send(Bytes.heap(0, n)))).isEqualTo(Sent.TAKEN);
            rig.until("it has arrived", () -> to.in.size() == n);
            assertThat(to.in.toByteArray()).isEqualTo(Bytes.array(n));
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void aSenderThatWaitsForOnWritableGetsEverythingThrough(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            rig.pair(from, to, CONFIG.withMaxQueued(50_000, 20));
            int total = 4_000_000;
            int[] at = {0};
            from.writable = socket -> {
                while (at[0] < total && socket.send(Bytes.heap(at[0], 1000)) == Sent.TAKEN) {
                    at[0] += 1000;
                }
            };
            rig.run(() -> from.writable.accept(from.socket()));
            rig.until("all has arrived", () -> to.in.size() == total);
            assertThat(to.in.toByteArray()).isEqualTo(Bytes.array(total));
            assertThat(from.writables).isPositive();
        }
    }

    @Test
    void anEmptySendIsTakenAndCostsNothing() throws Exception {
        try (Rig rig = new Rig(FastTrack.ON)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG);
            long writes = rig.calls.calls(OpKind.WRITE);
            assertThat(rig.onLoop(() -> server.socket().send(ByteBuffer.allocate(0))))
                    .isEqualTo(Sent.TAKEN);
            rig.rounds(2);
            assertThat(rig.calls.calls(OpKind.WRITE)).isEqualTo(writes);
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void pendingOpsOfAnAbortedSocketAreEachToldWithTheirFailure(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            Socket peer = rig.peerOf(server, CONFIG.withMaxQueued(64 << 20, 100));
            WriteOp large = new WriteOp(ByteBuffer.allocateDirect(32 << 20));
            WriteOp behind = new WriteOp(ByteBuffer.allocateDirect(100));
            rig.run(() -> {
                assertThat(server.socket().send(large)).isEqualTo(Sending.PENDING);
                assertThat(server.socket().send(behind)).isEqualTo(Sending.PENDING);
                server.socket().abort();
                assertThat(server.socket().send(new WriteOp(ByteBuffer.allocate(1))))
                        .isEqualTo(Sending.CLOSED);
            });
            rig.until("it is closed", server::closed);
            assertThat(server.sent).containsExactly(large, behind);
            assertThat(server.sent).allMatch(op -> op.failure() != null);
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.LOCAL);
            peer.close();
        }
    }

    @Test
    void readsOfThePeerSeeSendsFromOnOpen() throws IOException, InterruptedException {
        try (Rig rig = new Rig(FastTrack.ON)) {
            Recorder server = rig.recorder();
            server.open = socket -> socket.send(Bytes.heap(0, 5));
            Socket peer = rig.peerOf(server, CONFIG);
            byte[] hello = new byte[5];
            new DataInputStream(peer.getInputStream()).readFully(hello);
            assertThat(hello).isEqualTo(Bytes.array(5));
            peer.close();
        }
    }
}
