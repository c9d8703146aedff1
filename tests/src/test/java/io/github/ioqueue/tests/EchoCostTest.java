package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.IoTimer;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.activesock.ActiveDatagram;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.framing.Framed;
import io.github.ioqueue.activesock.framing.Framing;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.testkit.CallCounter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EchoCostTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** One loop whose thread is known, to ask what it allocates. */
    private static final class Measured implements AutoCloseable {
        private final AtomicReference<Thread> loop = new AtomicReference<>();
        private final IoQueueGroup group;

        Measured(FastTrack track) throws IOException {
            group = IoQueueGroup.builder()
                    .size(1)
                    .config(IoQueueConfig.builder().fastTrack(track).build())
                    .threads(run -> {
                        loop.set(new Thread(run, "loop"));
                        return loop.get();
                    })
                    .open();
        }

        IoQueue queue() {
            return group.next();
        }

        /** Runs it twice, once to have made what is made once, and answers what the loop allocated in the second. */
        long bytes(String what, Callable<Void> rounds) throws Exception {
            rounds.call();
            long before = THREADS.getThreadAllocatedBytes(loop.get().getId());
            rounds.call();
            long bytes = THREADS.getThreadAllocatedBytes(loop.get().getId()) - before;
            System.out.println(bytes + " bytes allocated for 20,000 echoes, " + what);
            return bytes;
        }

        @Override
        public void close() {
            group.close();
        }
    }

    @Test
    void anEchoAllocatesNothing() throws Exception {
        try (Measured measured = new Measured(FastTrack.ON);
                ActiveListener listener = EchoServer.open(measured.queue(), StreamConfig.defaults());
                Socket peer = connect(listener)) {
            assertThat(measured.bytes("plain", () -> echo(peer, 20_000))).isLessThanOrEqualTo(20_000);
        }
    }

    static Stream<Framing> framings() {
        return Stream.of(
                Framing.lengthField(4, 1000),
                Framing.lines(1000),
                Framing.delimited(new byte[] {0}, 1000),
                Framing.fixed(62));
    }

    @ParameterizedTest
    @MethodSource("framings")
    void anEchoOfAFrameAllocatesNothing(Framing framing) throws Exception {
        byte[] payload = new byte[62];
        Arrays.fill(payload, (byte) 'x');
        ByteBuffer frame = ByteBuffer.allocate(100);
        framing.encode(ByteBuffer.wrap(payload), frame);
        byte[] whole = Arrays.copyOf(frame.array(), frame.position());
        try (Measured measured = new Measured(FastTrack.ON);
                ActiveListener listener = Listener.on(EchoServer.ANY_PORT)
                        .open(measured.queue(), accepted -> new Framed(framing, framing::send));
                Socket peer = connect(listener)) {
            assertThat(measured.bytes(framing.getClass().getSimpleName(), () -> echo(peer, 20_000, whole)))
                    .isLessThanOrEqualTo(20_000);
        }
    }

    @ParameterizedTest
    @MethodSource("tracks")
    void anEchoOfADatagramAllocatesNothing(FastTrack track) throws Exception {
        try (Measured measured = new Measured(track);
                ActiveDatagram server = ActiveDatagram.open(
                        measured.queue(), EchoServer.ANY_PORT, (socket, sender, data) -> socket.send(data, sender));
                DatagramSocket peer = new DatagramSocket(EchoServer.ANY_PORT)) {
            peer.setSoTimeout(10_000);
            DatagramPacket packet = new DatagramPacket(new byte[64], 64, server.localAddress());
            assertThat(measured.bytes("datagrams, fast track " + track, () -> {
                        for (int i = 0; i < 20_000; i++) {
                            peer.send(packet);
                            peer.receive(packet);
                        }
                        return null;
                    }))
                    .isLessThanOrEqualTo(20_000);
        }
    }

    static Stream<FastTrack> tracks() {
        return Stream.of(FastTrack.ON, FastTrack.OFF);
    }

    @Test
    void armingATimerAgainAllocatesNothing() throws Exception {
        long[] bytes = {-1};
        try (IoQueue queue = IoQueue.open()) {
            IoTimer[] timers = new IoTimer[100];
            for (int i = 0; i < timers.length; i++) {
                timers[i] = queue.timer(() -> {});
            }
            queue.execute(() -> {
                rearm(timers, 20_000);
                long before = THREADS.getCurrentThreadAllocatedBytes();
                rearm(timers, 20_000);
                bytes[0] = THREADS.getCurrentThreadAllocatedBytes() - before;
            });
            queue.poll(0);
        }
        assertThat(bytes[0]).isBetween(0L, 1_000L);
    }

    private static void rearm(IoTimer[] timers, int times) {
        for (int i = 0; i < times; i++) {
            timers[i % timers.length].arm(1_000_000_000L + i * 7919L % 1_000_003);
        }
    }

    @Test
    void anEchoIsOneReadAndOneWrite() throws Exception {
        CallCounter calls = new CallCounter();
        try (IoQueueGroup group = open(calls);
                ActiveListener listener = EchoServer.open(group.next(), StreamConfig.defaults());
                Socket peer = connect(listener)) {
            echo(peer, 1000);
            // The last write is counted after the peer may have seen its bytes.
            Awaitility.await().until(() -> calls.calls(OpKind.WRITE) >= 1000);
            assertThat(calls.calls(OpKind.WRITE)).isEqualTo(1000);
            assertThat(calls.calls(OpKind.READ)).isEqualTo(1000);
        }
    }

    private static IoQueueGroup open(QueueProbe probe) throws IOException {
        return IoQueueGroup.open(
                1, IoQueueConfig.builder().fastTrack(FastTrack.ON).probe(probe).build());
    }

    private static Socket connect(ActiveListener listener) throws IOException {
        Socket peer = new Socket();
        peer.setTcpNoDelay(true);
        peer.setSoTimeout(10_000);
        peer.connect(EchoServer.address(listener));
        return peer;
    }

    private static Void echo(Socket peer, int rounds) throws IOException {
        byte[] out = new byte[64];
        for (int i = 0; i < rounds; i++) {
            out[0] = (byte) i;
            echo(peer, 1, out);
        }
        return null;
    }

    private static Void echo(Socket peer, int rounds, byte[] out) throws IOException {
        for (int i = 0; i < rounds; i++) {
            peer.getOutputStream().write(out);
            byte[] in = peer.getInputStream().readNBytes(out.length);
            assertThat(in[0]).isEqualTo(out[0]);
        }
        return null;
    }
}
