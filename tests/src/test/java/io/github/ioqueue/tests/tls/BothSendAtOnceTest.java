package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.tests.PeerWatch;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two ends send much to each other at once, through small socket buffers: all arrives, and neither waits for ever. */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class BothSendAtOnceTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final int SMALL_BUFFER = 16 << 10;

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#backendsAndVersions")
    void aFewMebibytesEachWay(String backend, TlsVersion version) throws Exception {
        exchange(backend, version, 4 << 20);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#backendsAndVersions")
    void sixtyFourMebibytesEachWay(String backend, TlsVersion version) throws Exception {
        exchange(backend, version, 64 << 20);
    }

    private static void exchange(String backend, TlsVersion version, int size) throws Exception {
        TlsConfig server = TlsConfig.builder()
                .identity(AUTHORITY.identity("localhost"))
                .versions(version)
                .build();
        TlsConfig client = TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .versions(version)
                .build();
        PeerWatch peers = new PeerWatch();
        Side here = new Side(size, true);
        Side there = new Side(size, false);
        try (TlsRig rig =
                new TlsRig(FastTrack.ON, SMALL_BUFFER, TlsRig.layer(backend, server), 1, r -> peers.server(there))) {
            rig.connect("localhost", TlsRig.layer(backend, client), peers.client(here));
            here.all.get(2 * TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            there.all.get(2 * TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            here.closed.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            there.closed.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
        peers.verify();
        assertThat(here.received).isEqualTo(size);
        assertThat(there.received).isEqualTo(size);
    }

    /** Sends all as room allows, and takes what comes. The client closes when it has both behind it. */
    private static final class Side implements StreamHandler {
        private static final int PIECE = 60_000;

        private final int size;
        private final boolean client;
        private final CompletableFuture<Void> all = new CompletableFuture<>();
        private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
        private int sent;
        private int received;

        Side(int size, boolean client) {
            this.size = size;
            this.client = client;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            onWritable(socket);
        }

        @Override
        public void onWritable(StreamSocket socket) {
            while (sent < size) {
                int n = Math.min(PIECE, size - sent);
                if (socket.send(ByteBuffer.allocate(n)) != StreamSocket.Sent.TAKEN) {
                    return;
                }
                sent += n;
            }
            done(socket);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            received += in.remaining();
            in.position(in.limit());
            done(socket);
        }

        private void done(StreamSocket socket) {
            if (sent == size && received == size && all.complete(null) && client) {
                socket.close();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            all.completeExceptionally(
                    new AssertionError(sent + " sent and " + received + " received of " + size + ", then " + why));
            closed.complete(why);
        }
    }
}
