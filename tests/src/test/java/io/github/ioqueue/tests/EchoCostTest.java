package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.IoTimer;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.testkit.CallCounter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EchoCostTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void anEchoAllocatesNothing() throws Exception {
        AtomicReference<Thread> loop = new AtomicReference<>();
        IoQueueConfig config = IoQueueConfig.builder().fastTrack(FastTrack.ON).build();
        try (IoQueueGroup group = IoQueueGroup.builder()
                        .size(1)
                        .config(config)
                        .threads(run -> {
                            loop.set(new Thread(run, "loop"));
                            return loop.get();
                        })
                        .open();
                ActiveListener listener = EchoServer.open(group.next(), StreamConfig.defaults());
                Socket peer = connect(listener)) {
            long id = loop.get().getId();
            echo(peer, 20_000);
            long before = THREADS.getThreadAllocatedBytes(id);
            echo(peer, 20_000);
            long bytes = THREADS.getThreadAllocatedBytes(id) - before;
            System.out.println(bytes + " bytes allocated for 20,000 echoes");
            assertThat(bytes).isLessThanOrEqualTo(20_000);
        }
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

    private static void echo(Socket peer, int rounds) throws IOException {
        byte[] out = new byte[64];
        for (int i = 0; i < rounds; i++) {
            out[0] = (byte) i;
            peer.getOutputStream().write(out);
            byte[] in = peer.getInputStream().readNBytes(out.length);
            assertThat(in[0]).isEqualTo(out[0]);
        }
    }
}
