package io.github.ioqueue.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.BlockingStream;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.probe.TlsCounters;
import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the guide to TLS shows does what it says. */
@Timeout(60)
class SecureTest {

    private final TestAuthority authority = TestAuthority.create();
    private final IoQueueGroup group;

    @TempDir
    private Path folder;

    private Path chain;
    private Path key;
    private Path authorities;

    SecureTest() throws IOException {
        group = IoQueueGroup.open(2, IoQueueConfig.defaults());
    }

    @BeforeEach
    void writeFiles() {
        TestAuthority.writePem(authority.identity("localhost"), folder);
        chain = folder.resolve("cert.pem");
        key = folder.resolve("key.pem");
        authorities = authority.writePem(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        group.close();
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }

    private static int port(ActiveListener listener) {
        return ((InetSocketAddress) Objects.requireNonNull(listener.localAddress())).getPort();
    }

    private int echo(int port) throws IOException {
        try (BlockingStream stream = new BlockingStream(Duration.ofSeconds(10))) {
            Secure.connect(group.next(), "localhost", port, authorities, stream);
            stream.output().write(7);
            return stream.input().read();
        }
    }

    @Test
    void bothEndsSpeakTls() throws Exception {
        try (ActiveListener listener = Secure.listen(group, 0, chain, key, accepted -> StreamSocket::send)) {
            assertThat(echo(port(listener))).isEqualTo(7);
        }
    }

    @Test
    void handshakesAreCountedOffTheLoopAndCertificatesRenewed() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        TlsCounters counters = new TlsCounters();
        TlsConfig config = Secure.guarded(TlsConfig.builder().identity(Pem.identity(chain, key)), executor);
        TlsLayer tls = Secure.counted(config, counters);
        try (ActiveListener listener = Listener.on(0).through(tls).open(group, accepted -> StreamSocket::send)) {
            assertThat(echo(port(listener))).isEqualTo(7);
            TestAuthority.writePem(authority.identity("localhost"), folder);
            Secure.renew(tls, chain, key);
            assertThat(echo(port(listener))).isEqualTo(7);
            assertThat(counters.snapshot().handshakes()).isEqualTo(2);
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aLineInTheClearThenTls() throws Exception {
        TlsLayer tls = TlsLayer.of(
                TlsConfig.builder().identity(Pem.identity(chain, key)).build());
        try (ActiveListener listener =
                        Listener.on(0).open(group, accepted -> new Secure.StartTls(tls, StreamSocket::send));
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), port(listener))) {
            plain.getOutputStream().write("STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(plain.getInputStream().readNBytes(4)).isEqualTo("GO\r\n".getBytes(StandardCharsets.US_ASCII));
            try (SSLSocket secret =
                    (SSLSocket) context().getSocketFactory().createSocket(plain, "localhost", port(listener), true)) {
                secret.getOutputStream().write(9);
                assertThat(secret.getInputStream().read()).isEqualTo(9);
            }
        }
    }

    private SSLContext context() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.certificates().get(0));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
