package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.spi.IoBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real sockets the ledger sees whether a key that closes with bytes queued is reset. */
class OutputWatchTest {

    private static final int MORE_THAN_A_KERNEL_TAKES = 32 * 1024 * 1024;
    private static final SocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final CompletionLedger ledger = new CompletionLedger();

    /** Closes a queue with most of a large write still queued; the peer never reads. */
    private void closeWithBytesQueued(IoBackend backend, ProtocolFamily family, SocketAddress address, boolean lingers)
            throws IOException {
        try (ServerSocketChannel peer = ServerSocketChannel.open(family).bind(address);
                IoQueue queue = IoQueue.open(
                        IoQueueConfig.builder().backend(backend).probe(ledger).build())) {
            IoKey key = queue.register(IoSocket.openStream(backend, family), new Recorder());
            ConnectOp connect = new ConnectOp(peer.getLocalAddress());
            key.submit(connect);
            while (connect.isPending()) {
                queue.poll(Long.MAX_VALUE);
            }
            assertThat(connect.failure()).isNull();
            if (lingers) {
                key.socket().option(StandardSocketOptions.SO_LINGER, 0);
            }
            key.submit(new WriteOp(ByteBuffer.allocate(MORE_THAN_A_KERNEL_TAKES)));
            queue.poll(0);
        }
    }

    private static IoBackend watched() {
        return OutputWatch.of(IoBackend.system());
    }

    /** The queue's reset does not reach the socket. */
    private static IoBackend neverReset() {
        return new InterposedBackend(watched(), (port, family) -> (real, method, args) -> {
            boolean lingers = method.equals("option") && args.length == 2;
            if (method.equals("resetOnClose")) {
                return true;
            }
            return lingers ? null : InterposedBackend.UNCHANGED;
        });
    }

    @Test
    void aQueueThatClosesResetsASocketWithBytesQueued() throws IOException {
        closeWithBytesQueued(watched(), StandardProtocolFamily.INET, LOOPBACK, false);
        ledger.verify();
    }

    @Test
    void aCleanEndBehindQueuedBytesIsSeen() throws IOException {
        closeWithBytesQueued(neverReset(), StandardProtocolFamily.INET, LOOPBACK, false);
        assertThat(ledger.violations()).singleElement().asString().contains("The peer sees a clean end behind");
    }

    @Test
    void aResetIsNoCleanEnd() throws IOException {
        closeWithBytesQueued(watched(), StandardProtocolFamily.INET, LOOPBACK, true);
        ledger.verify();
    }

    @Test
    void unixDomainSocketsAreExempt(@TempDir Path folder) throws IOException {
        SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        closeWithBytesQueued(neverReset(), StandardProtocolFamily.UNIX, address, false);
        ledger.verify();
    }
}
