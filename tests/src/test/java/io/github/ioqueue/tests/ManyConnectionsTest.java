package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.testkit.CompletionLedger;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManyConnectionsTest {

    static Stream<FastTrack> tracks() {
        return Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(Long.getLong("test.seed", System.nanoTime())));
    }

    private static Socket connect(ActiveListener listener) throws IOException {
        Socket peer = new Socket();
        peer.setSoTimeout(20_000);
        peer.connect(EchoServer.address(listener));
        return peer;
    }

    private static void echo(Socket peer, byte[] bytes) throws IOException {
        peer.getOutputStream().write(bytes);
        assertThat(peer.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("tracks")
    void ofAThousandConnectionsHalfAreResetAndTheOthersGoOn(FastTrack track) throws Exception {
        System.out.println("fast track " + track);
        CompletionLedger ledger = new CompletionLedger();
        IoQueueConfig config =
                IoQueueConfig.builder().fastTrack(track).probe(ledger).build();
        IoQueueGroup group = IoQueueGroup.open(2, config);
        try (group;
                ActiveListener listener = EchoServer.open(group.next(), StreamConfig.defaults())) {
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                peers.add(connect(listener));
            }
            byte[] bytes = new byte[1000];
            for (Socket peer : peers) {
                echo(peer, bytes);
            }
            for (int i = 0; i < 1000; i += 2) {
                peers.get(i).getOutputStream().write(bytes);
                peers.get(i).setSoLinger(true, 0);
                peers.get(i).close();
            }
            for (int i = 1; i < 1000; i += 2) {
                echo(peers.get(i), bytes);
            }
            Awaitility.await().alias(listener.explain()).until(() -> listener.openConnections() == 500);
            for (Socket peer : peers) {
                peer.close();
            }
            Awaitility.await().alias(listener.explain()).until(() -> listener.openConnections() == 0);
            assertThatNoBufferIsOut(group);
        }
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        ledger.verify();
    }

    private static void assertThatNoBufferIsOut(IoQueueGroup group) throws Exception {
        for (IoQueue queue : group.queues()) {
            CompletableFuture<Long> lent = new CompletableFuture<>();
            queue.execute(() -> lent.complete(queue.buffers().lentBytes()));
            assertThat(lent.get(10, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void aThousandRoundsOfOpeningAndClosingLeaveNoDescriptorBehind() throws Exception {
        openAndClose(1000);
    }

    @Test
    @Tag("slow")
    void tenThousandRoundsOfOpeningAndClosingLeaveNoDescriptorBehind() throws Exception {
        openAndClose(10_000);
    }

    private static void openAndClose(int rounds) throws Exception {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        assumeTrue(system instanceof UnixOperatingSystemMXBean, "descriptors are counted on Unix only");
        UnixOperatingSystemMXBean unix = (UnixOperatingSystemMXBean) system;
        try (IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults());
                ActiveListener listener = EchoServer.open(group.next(), StreamConfig.defaults())) {
            byte[] bytes = new byte[10];
            long before = 0;
            for (int i = -100; i < rounds; i++) {
                if (i == 0) {
                    Awaitility.await().until(() -> listener.openConnections() == 0);
                    before = unix.getOpenFileDescriptorCount();
                }
                try (Socket peer = connect(listener)) {
                    echo(peer, bytes);
                }
            }
            long most = before + 5;
            Awaitility.await().until(() -> unix.getOpenFileDescriptorCount() <= most);
        }
    }
}
