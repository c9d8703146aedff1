package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.AcceptHandler;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server, or a client, with TLS on a loop of its own, and a plain connection to itself that must not notice. */
final class Victim implements AutoCloseable {

    private static final int DEADLINE_SECONDS = 60;

    private final IoQueueGroup group;
    private final LinkedBlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    private final Socket connection;

    private Victim(TlsLayer layer, boolean server) throws IOException {
        group = IoQueueGroup.open(
                1,
                IoQueueConfig.builder()
                        .errorHandler((queue, key, error) -> thrown.add(error))
                        .build());
        connection = server ? serve(layer) : connect(layer);
    }

    static Victim server(TlsLayer layer) throws IOException {
        return new Victim(layer, true);
    }

    static Victim client(TlsLayer layer) throws IOException {
        return new Victim(layer, false);
    }

    private Socket serve(TlsLayer layer) throws IOException {
        ActiveListener listener = Listener.on(loopback()).through(layer).open(group, new Accept());
        return to(listener);
    }

    private Socket connect(TlsLayer layer) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Connector.to("localhost", listener.getLocalPort())
                    .through(layer)
                    .open(group.queues().get(0), new Echo());
            return listener.accept();
        }
    }

    private static Socket to(ActiveListener listener) throws IOException {
        if (listener.localAddress() instanceof InetSocketAddress address) {
            return new Socket(address.getAddress(), address.getPort());
        }
        throw new IOException("the listener is closed");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** The peer's end of the connection that TLS is on. */
    Socket connection() {
        return connection;
    }

    CloseReason awaitEnd() throws InterruptedException {
        CloseReason why = ends.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (why == null) {
            throw new AssertionError("it does not end: " + group.queues().get(0).dump());
        }
        return why;
    }

    /** A byte goes through the same loop and back. */
    void assertStillServes() throws IOException {
        ActiveListener plain = Listener.on(loopback()).open(group, accepted -> new Echo());
        try (Socket other = to(plain)) {
            other.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
            other.getOutputStream().write(7);
            if (other.getInputStream().read() != 7) {
                throw new AssertionError("the loop serves nobody any more");
            }
        }
    }

    @Override
    public void close() {
        group.close();
        try {
            if (!group.awaitClosed(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the loop does not close");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thrown.isEmpty()) {
            throw new AssertionError("a callback or task threw", thrown.peek());
        }
        long lent = group.queues().get(0).buffers().lentBytes();
        if (lent != 0) {
            throw new AssertionError(lent + " bytes of buffers were not given back");
        }
    }

    private final class Accept implements AcceptHandler {
        @Override
        public StreamHandler onAccept(StreamSocket accepted) {
            return new Echo();
        }

        @Override
        public void onAcceptFailed(ActiveListener where, IOException failure) {
            ends.add(CloseReason.of(failure));
        }
    }

    private final class Echo implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (socket.send(in) == StreamSocket.Sent.FULL) {
                socket.pauseReading();
            }
        }

        @Override
        public void onWritable(StreamSocket socket) {
            socket.resumeReading();
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ends.add(why);
        }
    }
}
