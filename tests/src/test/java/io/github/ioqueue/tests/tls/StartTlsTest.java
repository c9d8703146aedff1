package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection that begins in the clear and goes on with TLS. */
@Timeout(2 * TlsRig.DEADLINE_SECONDS)
class StartTlsTest {

    private static final String BACKENDS = "io.github.ioqueue.tests.tls.TlsRig#backends";
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final String ASK = "STARTTLS\r\n";
    private static final String GO = "220 go\r\n";

    private final CompletionLedger ledger = new CompletionLedger();
    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> secret = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> parts = new LinkedBlockingQueue<>();
    private IoQueueGroup group;

    @AfterEach
    void close() throws Exception {
        group.close();
        assertThat(group.awaitClosed(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        ledger.verify();
    }

    private int listen(String backend) throws IOException {
        TlsLayer tls = TlsRig.layer(
                backend,
                TlsConfig.builder().identity(AUTHORITY.identity("localhost")).build());
        group = IoQueueGroup.open(
                2, IoQueueConfig.builder().fastTrack(FastTrack.ON).probe(ledger).build());
        ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .open(group, accepted -> new InTheClear(tls));
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Answers a line, then has TLS take the socket over. */
    private final class InTheClear implements StreamHandler {
        private final TlsLayer tls;

        InTheClear(TlsLayer tls) {
            this.tls = tls;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (in.remaining() >= ASK.length()) {
                in.position(in.position() + ASK.length());
                socket.send(bytes(GO));
                try {
                    tls.server(socket, new Secret());
                } catch (TlsException e) {
                    socket.abort(CloseReason.of(e));
                }
            } else {
                parts.add(in.remaining());
            }
        }
    }

    /** Behind TLS: says back what it hears, and notes it. */
    private final class Secret implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            secret.add(StandardCharsets.US_ASCII.decode(in.duplicate()).toString());
            socket.send(in);
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ends.add(why);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void theSameConnectionGoesOnWithTls(String backend) throws Exception {
        int port = listen(backend);
        TlsLayer tls = TlsRig.layer(
                backend, TlsConfig.builder().trust(AUTHORITY.certificates()).build());
        EchoClient behind = new EchoClient(1, 100_000, 10_000);
        StringBuilder heard = new StringBuilder();
        Connector.to("localhost", port).open(group.queues().get(1), new StreamHandler() {
            @Override
            public void onOpen(StreamSocket socket) {
                socket.send(bytes(ASK));
            }

            @Override
            public void onData(StreamSocket socket, ByteBuffer in) {
                heard.append(StandardCharsets.US_ASCII.decode(in));
                if (heard.toString().equals(GO)) {
                    try {
                        tls.client(socket, "localhost", port, behind);
                    } catch (TlsException e) {
                        socket.abort(CloseReason.of(e));
                    }
                }
            }
        });
        assertThat(behind.awaitAll().kind()).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(ends.poll(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS).kind()).isEqualTo(CloseReason.Kind.PEER_END);
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aLineThatComesInTwoSegmentsIsNoJunk(String backend) throws Exception {
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), listen(backend))) {
            peer.getOutputStream().write(ASK.substring(0, 5).getBytes(StandardCharsets.US_ASCII));
            assertThat(parts.poll(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(5);
            peer.getOutputStream().write(ASK.substring(5).getBytes(StandardCharsets.US_ASCII));
            byte[] go = peer.getInputStream().readNBytes(GO.length());
            assertThat(go).asString(StandardCharsets.US_ASCII).isEqualTo(GO);
            peer.getOutputStream()
                    .write("no hello".getBytes(StandardCharsets.US_ASCII)); // TLS has begun, and refuses it
            assertThat(ends.poll(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS).cause())
                    .isInstanceOfSatisfying(
                            TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_TLS));
        }
    }

    /** Whoever sits in between puts a command behind the client's request: it is never taken for the client's own. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void whatIsInjectedInTheClearIsNeverTakenForASecret(String backend) throws Exception {
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), listen(backend))) {
            peer.getOutputStream().write((ASK + "MAIL FROM:<me@evil.test>\r\n").getBytes(StandardCharsets.US_ASCII));
            CloseReason why = ends.poll(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(why.kind()).isEqualTo(CloseReason.Kind.FAILED);
            assertThat(why.cause())
                    .isInstanceOfSatisfying(
                            TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_TLS));
            assertThat(secret).isEmpty();
        }
    }
}
