package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.PeerTruth;
import io.github.ioqueue.testkit.PeerTruth.End;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client of the JDK sends 6 MB to an echo server, then its close_notify, and reads on: every byte comes back. */
@Timeout(2 * TlsRig.DEADLINE_SECONDS)
class PeerReadsOnTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final int ALL = 6_000_000;
    private static final int TIMES = 3;

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#backendsAndVersions")
    void theEchoComesWholeBehindThePeersCloseNotify(String backend, TlsVersion version) throws Exception {
        TlsConfig config = TlsConfig.builder()
                .identity(AUTHORITY.identity("localhost"))
                .versions(version)
                .build();
        TlsLayer layer = TlsLayer.of(TlsBackend.named(backend).context(config));
        for (int i = 0; i < TIMES; i++) {
            Echo echo = new Echo();
            try (IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults())) {
                ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .through(layer)
                        .open(group, accepted -> echo);
                talk(((InetSocketAddress) listener.localAddress()).getPort(), version, echo.truth);
                assertThat(echo.closed
                                .get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS)
                                .kind())
                        .isEqualTo(CloseReason.Kind.PEER_END);
            }
            assertThat(echo.truth.acceptedBytes()).isEqualTo(ALL);
            assertThat(echo.truth.seen()).as(echo.truth.toString()).isEqualTo("all bytes, a clean end");
        }
    }

    private static void talk(int port, TlsVersion version, PeerTruth truth) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setEnabledProtocols(new String[] {version.standardName()});
            socket.setSoTimeout(1000 * TlsRig.DEADLINE_SECONDS);
            socket.startHandshake();
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(socket));
            byte[] buffer = new byte[16 << 10];
            try {
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    truth.received(n);
                }
                truth.ended(End.CLEAN);
            } catch (SocketException e) {
                truth.ended(End.RESET);
            } catch (IOException e) {
                truth.ended(End.ALERT);
            }
            written.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void write(SSLSocket socket) {
        try {
            socket.getOutputStream().write(new byte[ALL]);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        store.setCertificateEntry("authority", AUTHORITY.certificates().get(0));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Sends back what comes; closes when the peer has ended its stream. */
    private static final class Echo implements StreamHandler {
        private final PeerTruth truth = new PeerTruth("to the client");
        private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            int n = in.remaining();
            switch (socket.send(in)) {
                case TAKEN -> truth.accepted(n);
                case FULL -> socket.pauseReading();
                default -> in.position(in.limit());
            }
        }

        @Override
        public void onWritable(StreamSocket socket) {
            socket.resumeReading();
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            closed.complete(why);
        }
    }
}
