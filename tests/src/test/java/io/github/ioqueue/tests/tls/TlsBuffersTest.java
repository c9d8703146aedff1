package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What TLS connections hold of the queue's buffers: nothing when they are idle, and no more than the cap afterwards. */
class TlsBuffersTest {

    private static final int IDLE = 100;
    private static final int BUSY = 12;
    private static final int BURST = 1 << 20;
    private static final int CAP = 256 << 10;

    static Stream<Arguments> ways() {
        return TlsRig.backends().stream()
                .flatMap(backend -> Stream.of(TlsVersion.values()).map(version -> Arguments.of(backend, version)));
    }

    /** Sends back what comes; the last piece is a record and more. */
    private static final class Echo implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            assertThat(socket.send(in)).isEqualTo(Sent.TAKEN);
        }
    }

    /** Has pieces of these sizes sent back, and stays. */
    private static final class Talker implements StreamHandler {
        private static final int[] SIZES = {1, 1_000, 40_000, 10};
        private int round;
        private int missing;

        @Override
        public void onOpen(StreamSocket socket) {
            talk(socket);
        }

        private void talk(StreamSocket socket) {
            missing = SIZES[round++];
            assertThat(socket.send(ByteBuffer.allocate(missing))).isEqualTo(Sent.TAKEN);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            missing -= in.remaining();
            in.position(in.limit());
            if (missing == 0 && round < SIZES.length) {
                talk(socket);
            }
        }

        boolean isIdle() {
            return round == SIZES.length && missing == 0;
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void idleConnectionsHoldNone(String backend, TlsVersion version) throws Exception {
        try (TlsPairs pairs = new TlsPairs(IoQueueConfig.builder(), backend, version, Echo::new)) {
            converse(pairs, 1); // what is loaded once
            long before = usedBytes();
            converse(pairs, IDLE);
            assertThat(pairs.openConnections()).isEqualTo(IDLE + 1);
            assertThat(pairs.lentBytes()).isZero();
            System.out.printf(
                    "%s, %s: %,d bytes of heap and of direct memory for each idle end of a connection%n",
                    backend, version, (usedBytes() - before - pairs.keptBytes()) / (2 * IDLE));
        }
    }

    private static void converse(TlsPairs pairs, int count) {
        for (int i = 0; i < count; i++) {
            Talker talker = new Talker();
            pairs.open(talker);
            pairs.until("it is idle", talker::isIdle);
        }
        pairs.settle();
    }

    /** Reads when it is told to. */
    private static final class Sink implements StreamHandler {
        private StreamSocket socket;
        private long received;
        private boolean closed;

        @Override
        public void onOpen(StreamSocket opened) {
            socket = opened;
            opened.pauseReading();
        }

        @Override
        public void onData(StreamSocket from, ByteBuffer in) {
            received += in.remaining();
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket from, CloseReason why) {
            closed = true;
        }
    }

    private static final class Burst implements StreamHandler {
        @Override
        public void onOpen(StreamSocket socket) {
            for (int sent = 0; sent < BURST; sent += BURST / 16) {
                assertThat(socket.send(ByteBuffer.allocate(BURST / 16))).isEqualTo(Sent.TAKEN);
            }
            socket.close();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            throw new AssertionError("nobody sends here");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void afterABurstNoMoreThanTheCapIsKept(String backend, TlsVersion version) throws Exception {
        List<Sink> sinks = new ArrayList<>();
        try (TlsPairs pairs = new TlsPairs(IoQueueConfig.builder().pooledBytes(CAP), backend, version, () -> {
            sinks.add(new Sink());
            return sinks.get(sinks.size() - 1);
        })) {
            long before = usedBytes();
            for (int i = 0; i < BUSY; i++) {
                pairs.open(new Burst());
            }
            pairs.until(
                    "all are open", () -> sinks.size() == BUSY && sinks.stream().allMatch(s -> s.socket != null));
            pairs.settle();
            long most = pairs.lentBytes();
            assertThat(most).isGreaterThan(20 * CAP);
            pairs.run(() -> sinks.forEach(sink -> sink.socket.resumeReading()));
            pairs.until("all is read", () -> sinks.stream().allMatch(sink -> sink.closed));
            assertThat(sinks).allMatch(sink -> sink.received == BURST);
            assertThat(pairs.lentBytes()).isZero();
            assertThat(pairs.keptBytes()).isBetween(1L, (long) CAP);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(usedBytes() - before).isLessThan(CAP + most / 4));
        }
    }

    /** Heap and direct memory that is in use. */
    private static long usedBytes() {
        System.gc();
        long bytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            bytes += pool.getMemoryUsed();
        }
        return bytes;
    }
}
