package io.github.ioqueue.tests.tls;

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
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.PeerTruth;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An attacker on the path, without a key, injects bytes into the stream towards us, or ends it, while we send 10 MB. The peer
 * must never take what it got for the whole: no close_notify comes behind a foreign byte.
 */
@Timeout(2 * TlsRig.DEADLINE_SECONDS)
class InjectedBytesTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int ALL = 10_000_000;
    private static final int FIRST = 20_000;
    private static final String FORGED_END = "";
    private static final List<String> INJECTED =
            List.of("ff", "ffffffffffff", "170303ffff00", "474554202f", "8080010002", "170202002000112233", FORGED_END);

    static List<Object[]> combinations() {
        List<Object[]> all = new ArrayList<>();
        for (String backend : TlsRig.backends()) {
            for (TlsVersion version : TlsVersion.values()) {
                all.add(new Object[] {backend, version, "server"});
                all.add(new Object[] {backend, version, "client"});
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("combinations")
    void noCloseNotifyComesBehindForeignBytes(String backend, TlsVersion version, String role) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String injected : INJECTED) {
            Sender sender = new Sender();
            attack(backend, version, role.equals("server"), injected, sender);
            CloseReason why = sender.closed.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(why.kind()).isIn(CloseReason.Kind.FAILED, CloseReason.Kind.TRUNCATED, CloseReason.Kind.RESET);
            if (sender.truth.end() == PeerTruth.End.CLEAN) {
                wrong.add((injected.isEmpty() ? "the end of the stream" : injected) + ": " + sender.truth);
            }
        }
        assertThat(wrong).as("clean ends behind foreign bytes").isEmpty();
    }

    private static void attack(String backend, TlsVersion version, boolean server, String injected, Sender sender)
            throws Exception {
        try (IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults())) {
            if (server) {
                ActiveListener listener = Listener.on(new InetSocketAddress(LOOPBACK, 0))
                        .config(StreamConfig.defaults().withMaxQueued(ALL, 10))
                        .through(TlsLayer.of(context(backend, version)))
                        .open(group, accepted -> sender);
                int port = ((InetSocketAddress) listener.localAddress()).getPort();
                try (Proxy proxy = new Proxy(port);
                        HandPeer peer = new HandPeer(
                                new Socket(LOOPBACK, proxy.port()),
                                context(TlsBackend.JDK, version).client("localhost", port),
                                sender.truth)) {
                    readUnderAttack(peer, proxy, true, injected);
                }
            } else {
                try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
                        Proxy proxy = new Proxy(listener.getLocalPort())) {
                    Connector.to("localhost", proxy.port())
                            .config(StreamConfig.defaults().withMaxQueued(ALL, 10))
                            .through(TlsLayer.of(context(backend, version)))
                            .open(group.next(), sender);
                    try (HandPeer peer = new HandPeer(
                            listener.accept(), context(TlsBackend.JDK, version).server(), sender.truth)) {
                        readUnderAttack(peer, proxy, false, injected);
                    }
                }
            }
        }
    }

    private static TlsContext context(String backend, TlsVersion version) throws Exception {
        return TlsBackend.named(backend)
                .context(TlsConfig.builder()
                        .identity(AUTHORITY.identity("localhost"))
                        .trust(AUTHORITY.certificates())
                        .versions(version)
                        .build());
    }

    private static void readUnderAttack(HandPeer peer, Proxy proxy, boolean toServer, String injected)
            throws Exception {
        peer.handshake();
        peer.read(FIRST);
        if (injected.equals(FORGED_END)) {
            proxy.forgeEnd(toServer);
        } else {
            proxy.inject(toServer, HexFormat.of().parseHex(injected));
        }
        peer.readToTheEnd(HandPeer::closeNotify);
    }

    /** Sends all at once. */
    private static final class Sender implements StreamHandler {
        private final PeerTruth truth = new PeerTruth("to the peer");
        private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

        @Override
        public void onOpen(StreamSocket socket) {
            assertThat(socket.send(ByteBuffer.allocate(ALL))).isEqualTo(StreamSocket.Sent.TAKEN);
            truth.accepted(ALL);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            closed.complete(why);
        }
    }
}
