package io.github.ioqueue.tests.tls;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.tests.PeerWatch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads send on a socket while it is ended, by its loop or from outside: what was accepted arrives, or the peer sees an end
 * that is not clean.
 */
@Timeout(2 * TlsRig.DEADLINE_SECONDS)
class SendsAtTheEndTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final long SEED = Long.getLong("test.seed", System.nanoTime());
    private static final int ROUNDS = 60;
    private static final int SENDERS = 3;
    private static final int PIECE = 700;

    /** How it is ended. */
    private enum Ending {
        CLOSE_ON_THE_LOOP {
            @Override
            void of(StreamSocket socket, IoQueueGroup group) {
                socket.queue().execute(socket::close);
            }
        },
        CLOSE {
            @Override
            void of(StreamSocket socket, IoQueueGroup group) {
                socket.close();
            }
        },
        SHUTDOWN_OUTPUT {
            @Override
            void of(StreamSocket socket, IoQueueGroup group) {
                socket.queue().execute(socket::shutdownOutput);
            }
        },
        GROUP_CLOSE {
            @Override
            void of(StreamSocket socket, IoQueueGroup group) {
                group.close();
            }
        };

        abstract void of(StreamSocket socket, IoQueueGroup group);
    }

    static List<Object[]> combinations() {
        List<Object[]> all = new ArrayList<>();
        for (Ending ending : Ending.values()) {
            all.add(new Object[] {"none", TlsVersion.TLS_1_3, ending});
            for (String backend : TlsRig.backends()) {
                for (TlsVersion version : TlsVersion.values()) {
                    all.add(new Object[] {backend, version, ending});
                }
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("combinations")
    void whatForeignThreadsSentArrivesOrTheEndIsNotClean(String tls, TlsVersion version, Ending ending)
            throws Exception {
        System.out.println("-Dtest.seed=" + SEED);
        Random random = new Random(SEED);
        StreamLayer server = layer(tls, version, TlsConfig.builder().identity(AUTHORITY.identity("localhost")));
        StreamLayer client = layer(
                tls,
                version,
                TlsConfig.builder().trust(AUTHORITY.certificates()).serverName("localhost"));
        PeerWatch peers = new PeerWatch();
        for (int i = 0; i < ROUNDS; i++) {
            round(server, client, peers, ending, random.nextInt(40));
        }
        peers.verify();
    }

    private static StreamLayer layer(String tls, TlsVersion version, TlsConfig.Builder config) throws Exception {
        return tls.equals("none")
                ? StreamLayer.NONE
                : TlsRig.layer(tls, config.versions(version).build());
    }

    private static void round(StreamLayer server, StreamLayer client, PeerWatch peers, Ending ending, int sendsBefore)
            throws Exception {
        Receiver receiver = new Receiver();
        Shared shared = new Shared();
        IoQueueConfig config = IoQueueConfig.builder().fastTrack(FastTrack.ON).build();
        IoQueueGroup there = IoQueueGroup.open(1, config);
        IoQueueGroup here = IoQueueGroup.open(1, config);
        try (there;
                here) {
            ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .through(server)
                    .open(there, accepted -> peers.server(receiver));
            Connector.to(listener.localAddress()).through(client).open(here.next(), peers.client(shared));
            StreamSocket socket = shared.open.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            receiver.open.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                Thread sender =
                        new Thread(i == 0 ? () -> sendOps(socket) : () -> sendUntilClosed(socket), "sender " + i);
                sender.start();
                senders.add(sender);
            }
            for (int i = 0; i < sendsBefore; i++) {
                socket.send(ByteBuffer.allocate(PIECE));
            }
            ending.of(socket, here);
            for (Thread sender : senders) {
                sender.join();
            }
            receiver.closed.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            shared.closed.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void sendUntilClosed(StreamSocket socket) {
        Sent answer = Sent.TAKEN;
        while (answer != Sent.CLOSED) {
            answer = socket.send(ByteBuffer.allocate(PIECE));
            if (answer == Sent.FULL) {
                Thread.onSpinWait();
            }
        }
    }

    private static void sendOps(StreamSocket socket) {
        Sending answer = Sending.DONE;
        while (answer != Sending.CLOSED) {
            answer = socket.send(new WriteOp(ByteBuffer.allocate(PIECE)));
            if (answer == Sending.FULL) {
                Thread.onSpinWait();
            }
        }
    }

    /** Takes what comes, and closes when the stream has ended. */
    private static class Receiver implements StreamHandler {
        final CompletableFuture<StreamSocket> open = new CompletableFuture<>();
        final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

        @Override
        public void onOpen(StreamSocket socket) {
            open.complete(socket);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            open.completeExceptionally(new AssertionError(why.toString()));
            closed.complete(why);
        }
    }

    private static final class Shared extends Receiver {}
}
