package io.github.ioqueue.tests.interop;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An echo server in this process; it tells how its connections fare. */
final class EchoServer implements AutoCloseable {

    /** Socket buffers of the size the system chooses. */
    static final int DEFAULT = 0;

    /** A pipe holds at least half of its 64 KiB, however odd the writes: a program passes that much on unread. */
    private static final long PIPE = 32 << 10;

    private final IoQueueGroup group;
    private final ActiveListener listener;
    private final CountDownLatch pipeFilled = new CountDownLatch(1);
    private final CountDownLatch full = new CountDownLatch(1);
    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();

    EchoServer(FastTrack track, int bufferSize) throws IOException {
        this(track, bufferSize, StreamLayer.NONE);
    }

    EchoServer(FastTrack track, int bufferSize, StreamLayer layer) throws IOException {
        group = IoQueueGroup.open(1, IoQueueConfig.builder().fastTrack(track).build());
        Listener builder = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .through(layer);
        if (bufferSize != DEFAULT) {
            builder.option(StandardSocketOptions.SO_SNDBUF, bufferSize)
                    .option(StandardSocketOptions.SO_RCVBUF, bufferSize);
        }
        listener = builder.open(group, accepted -> new Echo());
    }

    String port() {
        return Integer.toString(((InetSocketAddress) listener.localAddress()).getPort());
    }

    /** Waits until one connection has echoed more than a pipe holds. */
    boolean awaitPipeFilled(long timeout, TimeUnit unit) throws InterruptedException {
        return pipeFilled.await(timeout, unit);
    }

    /** Waits until a connection has heard FULL: its peer does not read. */
    boolean awaitFull(long timeout, TimeUnit unit) throws InterruptedException {
        return full.await(timeout, unit);
    }

    /** Waits for the next connection to end; null when the time is over. */
    CloseReason awaitEnd(long timeout, TimeUnit unit) throws InterruptedException {
        return ends.poll(timeout, unit);
    }

    @Override
    public void close() {
        group.close();
    }

    private final class Echo implements StreamHandler {
        private long echoed;

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            int n = in.remaining();
            if (socket.send(in) == Sent.FULL) {
                socket.pauseReading();
                full.countDown();
                return;
            }
            echoed += n;
            if (echoed >= PIPE) {
                pipeFilled.countDown();
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
