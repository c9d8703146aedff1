package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.testkit.ssl.hostile.EnginePeer;
import io.github.ioqueue.testkit.ssl.hostile.Moves;
import io.github.ioqueue.testkit.ssl.hostile.SocketPeer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hostile peer may cost: no memory that it only announces, no log, no place for ever. */
@Timeout(2 * TlsRig.DEADLINE_SECONDS)
class TlsUnderAttackTest {

    private static final String BACKENDS = "io.github.ioqueue.tests.tls.TlsRig#backends";
    private static final String HOST = "localhost";
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsConfig SERVER =
            TlsConfig.builder().identity(AUTHORITY.identity(HOST)).build();
    private static final TlsConfig CLIENT =
            TlsConfig.builder().trust(AUTHORITY.certificates()).build();

    /** A handshake message of 16 MiB, of which nine bytes come. */
    private static final String HUGE = "16 03 01 00 09 01 ff ff ff 03 03 00 00 00";

    private static final long FAR_LESS = 1 << 20;

    private static TlsEngine client() throws TlsException {
        return TlsBackend.named(TlsBackend.JDK).context(CLIENT).client(HOST, 443);
    }

    private static SocketPeer peer(InetSocketAddress address) throws IOException {
        return new SocketPeer(new Socket(address.getAddress(), address.getPort()), client());
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void whatIsOnlyAnnouncedIsNotAllocated(String backend) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        TlsBackend victim = TlsBackend.named(backend);
        for (boolean counts : new boolean[] {false, true}) { // the first one loads classes
            try (EnginePeer peer =
                    new EnginePeer(client(), victim.context(SERVER).server())) {
                peer.send(new byte[0]);
                long before = threads.getCurrentThreadAllocatedBytes();
                Moves.bytes(HUGE).make(peer);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(counts ? allocated : 0).isLessThan(FAR_LESS);
            }
        }
    }

    /** After so many flights of the client's: its hello, and all. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aListenerThatClosesDuringAHandshakeLeavesItAlone(String backend) throws Exception {
        for (int steps = 0; steps <= 2; steps++) {
            try (Server server = new Server(backend, StreamConfig.forServers());
                    SocketPeer peer = peer(server.address())) {
                if (steps > 0) {
                    peer.say();
                    assertThat(peer.listen()).isTrue();
                }
                if (steps > 1) {
                    peer.handshake();
                }
                server.listener.close();
                if (steps > 0) {
                    peer.handshake();
                    peer.encrypt(new byte[10]);
                    peer.say();
                    assertThat(server.data.poll(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS))
                            .isEqualTo(10);
                }
                peer.reset();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aPeerThatReadsNothingIsCutByTheDeadline(String backend) throws Exception {
        StreamConfig impatient = StreamConfig.forServers().withStallTimeout(Duration.ofMillis(500));
        try (Server server = new Server(backend, impatient);
                SocketPeer peer = peer(server.address())) {
            peer.handshake();
            peer.encrypt(new byte[] {Server.FLOOD});
            peer.say();
            CloseReason why = server.ends.poll(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(why).isNotNull();
            assertThat(why.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void badPeersLeaveNoLog(String backend) throws Exception {
        ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
        Handler listening = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                log.add(logged.getLoggerName() + ": " + logged.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(listening);
        try (TlsRig rig = TlsRig.server(backend, SERVER)) {
            for (int i = 0; i < 50; i++) {
                try (SocketPeer peer = peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.port()))) {
                    Moves.bytes(List.of("00", "16 03 03 ff ff", "15 03 03 00 02 02 28")
                                    .get(i % 3))
                            .make(peer);
                    peer.end(); // else the alert has its seconds to be heard
                    assertThat(rig.awaitRefused()).isNotNull();
                }
            }
        } finally {
            root.removeHandler(listening);
        }
        assertThat(log).isEmpty();
    }

    /** Notes how much data came with each call, and floods who asks for it. */
    private static final class Server implements AutoCloseable, StreamHandler {

        static final byte FLOOD = 'F';
        private static final int MUCH = 16 << 20;

        private final IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults());
        private final LinkedBlockingQueue<Integer> data = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
        private final ActiveListener listener;

        Server(String backend, StreamConfig config) throws IOException {
            listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .through(TlsRig.layer(backend, SERVER))
                    .config(config)
                    .open(group, accepted -> this);
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.localAddress();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (in.get(in.position()) == FLOOD) {
                socket.send(ByteBuffer.allocate(MUCH));
            }
            data.add(in.remaining());
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ends.add(why);
        }

        @Override
        public void close() {
            group.close();
            assertThat(isClosed()).isTrue();
            assertThat(group.queues().get(0).buffers().lentBytes()).isZero();
        }

        private boolean isClosed() {
            try {
                return group.awaitClosed(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
