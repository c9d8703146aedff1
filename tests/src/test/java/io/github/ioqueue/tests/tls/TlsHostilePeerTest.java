package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers that are wrong, hostile or gone: one clear outcome each, and the server goes on. */
@Timeout(2 * TlsRig.DEADLINE_SECONDS)
class TlsHostilePeerTest {

    private static final String BACKENDS = "io.github.ioqueue.tests.tls.TlsRig#backends";
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsConfig SERVER =
            TlsConfig.builder().identity(AUTHORITY.identity("localhost")).build();
    private static final TlsConfig CLIENT =
            TlsConfig.builder().trust(AUTHORITY.certificates()).build();

    private interface Attack {
        void on(Socket socket) throws IOException;
    }

    /** The peer does its worst; a good client is served meanwhile and afterwards; answers why the peer was refused. */
    private static IOException attacked(TlsRig rig, Attack attack) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
            attack.on(socket);
            served(rig);
            IOException refused = rig.awaitRefused();
            served(rig);
            return refused;
        }
    }

    private static void served(TlsRig rig) throws Exception {
        EchoClient good = new EchoClient(1, 1000, 100);
        rig.connect("localhost", TlsRig.layer("jdk", CLIENT), good);
        good.awaitAll();
    }

    private static void assertReason(IOException refused, Reason reason) {
        assertThat(refused)
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static byte[] clientHello() throws TlsException {
        TlsEngine engine = TlsBackend.named(TlsBackend.JDK).context(CLIENT).client("localhost", 1);
        ByteBuffer hello = ByteBuffer.allocate(64 << 10);
        assertThat(engine.flush(hello)).isEqualTo(Step.PROGRESS);
        byte[] bytes = new byte[hello.flip().remaining()];
        hello.get(bytes);
        engine.close();
        return bytes;
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void plainTextOnTheTlsPort(String backend) throws Exception {
        try (TlsRig rig = TlsRig.server(backend, SERVER)) {
            byte[] request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            IOException refused =
                    attacked(rig, socket -> socket.getOutputStream().write(request));
            assertReason(refused, Reason.NOT_TLS);
            assertThat(refused).hasMessageContaining("GET / HTTP/1.1");
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aHeaderThatAnnouncesMoreThanAnyRecordHas(String backend) throws Exception {
        try (TlsRig rig = TlsRig.server(backend, SERVER)) {
            IOException refused =
                    attacked(rig, socket -> socket.getOutputStream().write(new byte[] {22, 3, 3, -1, -1}));
            assertReason(refused, Reason.PEER_MISBEHAVED);
            assertThat(refused).hasMessageContaining("65535");
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aClientHelloThatComesByteByByteIsAnswered(String backend) throws Exception {
        try (TlsRig rig = TlsRig.server(backend, SERVER)) {
            byte[] hello = clientHello();
            IOException refused = attacked(rig, socket -> {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                for (byte b : hello) {
                    out.write(b);
                }
                InputStream in = socket.getInputStream();
                assertThat(in.read()).as("a handshake record").isEqualTo(22);
                socket.shutdownOutput();
            });
            assertReason(refused, Reason.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aSilentClientIsCutByTheDeadline(String backend) throws Exception {
        TlsConfig impatient = TlsConfig.builder()
                .identity(SERVER.identities().get(0))
                .handshakeTimeout(Duration.ofMillis(700))
                .build();
        try (TlsRig rig = TlsRig.server(backend, impatient)) {
            assertThat(attacked(rig, socket -> {})).isInstanceOf(DeadlineException.class);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aSilentServerIsCutByTheDeadline(String backend) throws Exception {
        TlsConfig impatient = TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .handshakeTimeout(Duration.ofMillis(700))
                .build();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TlsRig rig = TlsRig.server(backend, SERVER)) {
            EchoClient client = new EchoClient(1, 10, 10);
            rig.connect(silent.getLocalPort(), TlsRig.layer(backend, impatient), client);
            CloseReason why = client.awaitEnd();
            TlsRig.assertEnd(why, CloseReason.Kind.TIMED_OUT);
            assertThat(why.cause()).isInstanceOf(DeadlineException.class);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aResetInTheMiddleOfTheHandshake(String backend) throws Exception {
        try (TlsRig rig = TlsRig.server(backend, SERVER)) {
            byte[] hello = clientHello();
            IOException refused = attacked(rig, socket -> {
                socket.getOutputStream().write(hello);
                assertThat(socket.getInputStream().read()).isEqualTo(22);
                socket.setSoLinger(true, 0);
                socket.close();
            });
            assertThat(refused).isInstanceOf(ResetException.class);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aTlsClientOnAPlainPortIsToldSo(String backend) throws Exception {
        try (TlsRig rig = new TlsRig(FastTrack.ON, TlsRig.DEFAULT, StreamLayer.NONE)) {
            EchoClient client = new EchoClient(1, 10, 10);
            rig.connect("localhost", TlsRig.layer(backend, CLIENT), client);
            CloseReason why = client.awaitEnd();
            assertThat(why.kind()).isEqualTo(CloseReason.Kind.FAILED);
            assertThat(why.cause()).isInstanceOf(TlsException.class);
        }
        try (ServerSocket greeter = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TlsRig rig = TlsRig.server(backend, SERVER)) {
            EchoClient client = new EchoClient(1, 10, 10);
            rig.connect(greeter.getLocalPort(), TlsRig.layer(backend, CLIENT), client);
            try (Socket accepted = greeter.accept()) {
                accepted.getOutputStream().write("220 mail.test ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
                assertReason((IOException) client.awaitEnd().cause(), Reason.NOT_TLS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void whoeverTheClientDoesNotTrustIsTold(String backend) throws Exception {
        TlsConfig stranger = TlsConfig.builder()
                .identity(TestAuthority.create().identity("localhost"))
                .build();
        refused(backend, stranger, "localhost", Reason.UNTRUSTED);
        refused(backend, SERVER, "127.0.0.1", Reason.WRONG_NAME);
        TlsConfig expired = TlsConfig.builder()
                .identity(AUTHORITY.request().names("localhost").expired().issue())
                .build();
        refused(backend, expired, "localhost", Reason.EXPIRED);
        TlsConfig other =
                TlsConfig.builder().identity(AUTHORITY.identity("other.test")).build();
        refused(backend, other, "localhost", Reason.WRONG_NAME);
    }

    private static void refused(String backend, TlsConfig server, String host, Reason reason) throws Exception {
        TlsLayer layer = TlsRig.layer(backend, CLIENT);
        try (TlsRig rig = TlsRig.server(backend, server)) {
            EchoClient client = new EchoClient(1, 10, 10);
            rig.connect(host, layer, client);
            CloseReason why = client.awaitEnd();
            assertThat(why.kind()).isEqualTo(CloseReason.Kind.FAILED);
            assertReason((IOException) why.cause(), reason);
            assertReason(rig.awaitRefused(), Reason.PEER_ALERT);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void anEndWithoutCloseNotifyIsATruncation(String backend) throws Exception {
        try (TlsRig rig = TlsRig.server(backend, SERVER);
                Proxy proxy = new Proxy(rig.port())) {
            Cutter client = new Cutter(proxy);
            rig.connect(proxy.port(), TlsRig.layer(backend, CLIENT), client);
            assertThat(client.end.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS).kind())
                    .isEqualTo(CloseReason.Kind.TRUNCATED);
            assertThat(rig.awaitEnd().kind()).isEqualTo(CloseReason.Kind.TRUNCATED);
        }
    }

    /** Sends a byte, and has the connection cut when it comes back. */
    private static final class Cutter implements StreamHandler {
        private final Proxy proxy;
        private final CompletableFuture<CloseReason> end = new CompletableFuture<>();

        Cutter(Proxy proxy) {
            this.proxy = proxy;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(ByteBuffer.wrap(new byte[1]));
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            in.get();
            proxy.cut();
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            end.complete(why);
        }
    }
}
