package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.probe.JfrProbe;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.TlsProbe;
import io.github.ioqueue.ssl.probe.TlsJfrProbe;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks, polls and handshakes are seen by the JDK's flight recorder. */
class FlightRecorderTest {

    @Test
    void callbacksAndPollsAreEvents(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.github.ioqueue.Callback").withoutThreshold();
            recording.enable("io.github.ioqueue.Poll").withoutThreshold();
            recording.start();
            echo();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("io.github.ioqueue.Callback"))
                .extracting(event -> event.getString("operation"))
                .contains("READ", "CLOSED");
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("io.github.ioqueue.Poll"))
                .anyMatch(event -> event.getInt("ready") > 0);
    }

    @Test
    void handshakesAreEvents(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.github.ioqueue.TlsHandshake").withoutThreshold();
            recording.start();
            handshakes();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events)
                .filteredOn(event -> event.getString("failure") == null)
                .hasSize(2)
                .allSatisfy(event -> {
                    assertThat(event.getString("version")).isEqualTo("TLSv1.3");
                    assertThat(event.getString("peer")).contains("127.0.0.1");
                    assertThat(event.getDuration()).isPositive();
                });
        assertThat(events)
                .filteredOn(event -> event.getString("failure") != null)
                .singleElement()
                .satisfies(event -> assertThat(event.getString("failure")).contains("during the handshake"));
    }

    /** Closes as soon as it is open. */
    private record Brief(CountDownLatch over) implements StreamHandler {
        @Override
        public void onOpen(StreamSocket socket) {
            socket.close();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            over.countDown();
        }
    }

    private static TlsLayer watched(TlsConfig.Builder config, TlsProbe probe) throws Exception {
        return TlsLayer.of(TlsBackend.named(TlsBackend.JDK).context(config.build()), probe);
    }

    /** One that is done, at both ends, and one that is cut. */
    private static void handshakes() throws Exception {
        TestAuthority authority = TestAuthority.create();
        TlsProbe probe = new TlsJfrProbe();
        TlsLayer server = watched(TlsConfig.builder().identity(authority.identity("127.0.0.1")), probe);
        TlsLayer client = watched(TlsConfig.builder().trust(authority.certificates()), probe);
        IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults());
        Brief handler = new Brief(new CountDownLatch(2));
        try (group;
                ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .through(server)
                        .open(group, accepted -> handler)) {
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            Connector.to("127.0.0.1", port).through(client).open(group.next(), handler);
            assertThat(handler.over.await(10, TimeUnit.SECONDS)).isTrue();
            try (Socket cut = new Socket(InetAddress.getLoopbackAddress(), port)) {
                cut.shutdownOutput();
                assertThat(cut.getInputStream().readAllBytes()).isNotNull();
            }
        }
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void echo() throws Exception {
        IoQueueConfig config = IoQueueConfig.builder().probe(new JfrProbe()).build();
        IoQueueGroup group = IoQueueGroup.open(1, config);
        try (group;
                ActiveListener listener = EchoServer.open(group.next(), StreamConfig.defaults());
                Socket peer = new Socket()) {
            peer.setSoTimeout(10_000);
            peer.connect(EchoServer.address(listener));
            peer.getOutputStream().write('x');
            assertThat(peer.getInputStream().read()).isEqualTo('x');
        }
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }
}
