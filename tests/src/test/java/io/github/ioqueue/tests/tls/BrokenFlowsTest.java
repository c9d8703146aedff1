package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.tests.PeerWatch;
import io.github.ioqueue.tests.tls.FailureWays.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The instruments that watch for clean ends over lost bytes catch each broken variant. */
@Timeout(TlsRig.DEADLINE_SECONDS)
class BrokenFlowsTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final int SOME = 1000;

    @ParameterizedTest
    @EnumSource
    void theTableOfFailuresFindsACloseNotifyBehindOne(TlsVersion version) throws Exception {
        CloseStage real = CloseStage.of(
                "jdk", version, "server", "on the loop", FastTrack.ON, Runnable::run, TlsLimits.defaults());
        CloseStage broken = new CloseStage(
                version, true, FastTrack.ON, BrokenFlows.closeNotifyAfterAFailure(real.context()), real.thePeers());
        for (Place place : Place.values()) {
            assertThat(broken.see(FailureWays.alike().get(0).at(place)).application())
                    .as(place.toString())
                    .endsWith("a clean end");
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#noneAndBackends")
    void theWatchOverBothPeersFindsAForeignSendThatIsDropped(String tls) throws Exception {
        assertCaught(tls, BrokenFlows.foreignSendsDropped(client(tls)), socket -> {
            Thread sender = new Thread(() -> socket.send(ByteBuffer.allocate(SOME)), "sender");
            sender.start();
            join(sender);
            socket.close();
        });
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#noneAndBackends")
    void theWatchOverBothPeersFindsACleanEndOverQueuedBytes(String tls) throws Exception {
        assertCaught(tls, BrokenFlows.cleanEndOverQueuedBytes(client(tls)), socket -> {
            socket.send(ByteBuffer.allocate(SOME));
            socket.abort();
        });
    }

    /** What is not broken passes, so that it is the variant that is found. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "jdk"})
    void theWatchOverBothPeersPassesACloseBehindASend(String tls) throws Exception {
        PeerWatch peers = new PeerWatch();
        run(tls, client(tls), peers, socket -> {
            socket.send(ByteBuffer.allocate(SOME));
            socket.close();
        });
        peers.verify();
    }

    private interface Act {
        void on(StreamSocket socket);
    }

    private static void assertCaught(String tls, StreamLayer broken, Act act) throws Exception {
        PeerWatch peers = new PeerWatch();
        run(tls, broken, peers, act);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(peers::verify)
                .withMessageContaining("got 0 of " + SOME + " accepted bytes, then a clean end");
    }

    private static void run(String tls, StreamLayer client, PeerWatch peers, Act act) throws Exception {
        StreamLayer server = tls.equals("none")
                ? StreamLayer.NONE
                : TlsRig.layer(
                        tls,
                        TlsConfig.builder()
                                .identity(AUTHORITY.identity("localhost"))
                                .build());
        try (PolledQueue rig = new PolledQueue(IoQueueConfig.builder())) {
            Noting there = new Noting();
            Noting here = new Noting();
            ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .through(server)
                    .open(rig.queue, accepted -> peers.server(there));
            Connector.to(listener.localAddress()).through(client).open(rig.queue, peers.client(here));
            rig.until("both are open", () -> here.socket != null && there.socket != null);
            rig.run(listener::close);
            rig.run(() -> act.on(here.socket));
            rig.until("both are closed", () -> here.closed && there.closed);
        }
    }

    private static StreamLayer client(String tls) throws Exception {
        return tls.equals("none")
                ? StreamLayer.NONE
                : TlsRig.layer(
                        tls,
                        TlsConfig.builder()
                                .trust(AUTHORITY.certificates())
                                .serverName("localhost")
                                .build());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Notes that it is open, and closed. */
    private static final class Noting implements StreamHandler {
        private StreamSocket socket;
        private boolean closed;

        @Override
        public void onOpen(StreamSocket opened) {
            socket = opened;
        }

        @Override
        public void onData(StreamSocket from, ByteBuffer in) {
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket from, CloseReason why) {
            closed = true;
        }
    }
}
