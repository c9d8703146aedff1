package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.testkit.CompletionLedger;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thousand peers ask for much and read nothing: they cost bounded memory, harm nobody, and are cut. */
@Timeout(120)
class SlowReadersTest {

    private static final int ATTACKERS = 1000;
    private static final int QUEUED = 64 << 10;
    private static final int SMALL = 4096;

    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private final CompletionLedger ledger = new CompletionLedger();

    /** Sends as much as it may to whoever asks with a nought, and otherwise echoes. */
    private final class Server implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (in.get(in.position()) == 0) {
                in.position(in.limit());
                onWritable(socket);
            } else {
                socket.send(in);
            }
        }

        @Override
        public void onWritable(StreamSocket socket) {
            ByteBuffer much = ByteBuffer.allocate(10_000);
            while (socket.send(much) == Sent.TAKEN) {
                much.clear();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ends.add(why);
        }
    }

    @Test
    void theyAreBoundedAndCutWhileOthersGoOn() throws Exception {
        run(FastTrack.ON);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("otherTracks")
    void soTheyAreWithoutTheFastTrack(FastTrack track) throws Exception {
        run(track);
    }

    static Stream<FastTrack> otherTracks() {
        return Stream.of(FastTrack.OFF, FastTrack.random(Long.getLong("test.seed", System.nanoTime())));
    }

    private void run(FastTrack track) throws Exception {
        StreamConfig config =
                StreamConfig.forServers().withMaxQueued(QUEUED, 1024).withStallTimeout(Duration.ofSeconds(2));
        IoQueueGroup group = IoQueueGroup.open(
                1, IoQueueConfig.builder().fastTrack(track).probe(ledger).build());
        List<Socket> peers = new ArrayList<>();
        try (group;
                ActiveListener listener = Listener.on(EchoServer.ANY_PORT)
                        .config(config)
                        .option(StandardSocketOptions.SO_SNDBUF, SMALL)
                        .open(group, accepted -> new Server());
                Socket honest = connect(listener)) {
            echoes(honest, () -> {}); // warms up
            String alone = echoes(honest, () -> {});
            String coming = echoes(honest, () -> {
                Socket peer = connect(listener);
                peers.add(peer);
                peer.getOutputStream().write(0);
            });
            String stalling = echoes(honest, () -> {});
            assertThat(lentBytes(group.next())).isLessThan((long) ATTACKERS * 2 * QUEUED);
            String cut = echoes(honest, () -> assertCut(ends.poll(30, TimeUnit.SECONDS)));
            assertThat(lentBytes(group.next())).isZero();
            System.out.println("fast track " + track + ": 99 of 100 honest echoes took at most " + alone + " us alone, "
                    + coming + " us while they came, " + stalling + " us while they took nothing, " + cut
                    + " us while they were cut");
        } finally {
            for (Socket peer : peers) {
                peer.close();
            }
        }
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        ledger.verify();
    }

    private static void assertCut(CloseReason why) {
        assertThat(why).as("the end of one").isNotNull();
        assertThat(why.kind()).as(why.toString()).isEqualTo(CloseReason.Kind.TIMED_OUT);
    }

    private interface Step {
        void run() throws Exception;
    }

    /** As many steps as there are attackers, an honest echo behind each; answers what the echoes took. */
    private static String echoes(Socket honest, Step step) throws Exception {
        long[] nanos = new long[ATTACKERS];
        for (int i = 0; i < ATTACKERS; i++) {
            step.run();
            nanos[i] = echo(honest);
        }
        Arrays.sort(nanos);
        return String.valueOf(TimeUnit.NANOSECONDS.toMicros(nanos[ATTACKERS * 99 / 100]));
    }

    private static Socket connect(ActiveListener listener) throws Exception {
        Socket peer = new Socket();
        peer.setReceiveBufferSize(SMALL);
        peer.setTcpNoDelay(true);
        peer.setSoTimeout(10_000);
        peer.connect(EchoServer.address(listener));
        return peer;
    }

    /** Answers how long it took. */
    private static long echo(Socket peer) throws Exception {
        long start = System.nanoTime();
        peer.getOutputStream().write(1);
        assertThat(peer.getInputStream().read()).isEqualTo(1);
        return System.nanoTime() - start;
    }

    private static long lentBytes(IoQueue queue) throws Exception {
        CompletableFuture<Long> lent = new CompletableFuture<>();
        queue.execute(() -> lent.complete(queue.buffers().lentBytes()));
        return lent.get(10, TimeUnit.SECONDS);
    }
}
