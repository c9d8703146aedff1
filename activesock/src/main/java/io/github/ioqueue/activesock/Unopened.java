package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.WriteOp;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a connection that came to nothing before there was one: the handler has to be told with something, also
 * when the system has no descriptor left. It is closed and stays so. Any thread.
 */
final class Unopened implements StreamSocket {

    private final IoQueue queue;
    private final StreamConfig config;
    private final SocketAddress remote;
    private volatile @Nullable Object attachment;

    Unopened(IoQueue queue, StreamConfig config, SocketAddress remote) {
        this.queue = queue;
        this.config = config;
        this.remote = remote;
    }

    @Override
    public Sent send(ByteBuffer src) {
        return Sent.CLOSED;
    }

    @Override
    public Sending send(WriteOp op) {
        return Sending.CLOSED;
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {}

    @Override
    public void abort(CloseReason why) {}

    @Override
    public void handler(StreamHandler next) {}

    @Override
    public int unread() {
        return 0;
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public long lastOutputNanos() {
        return queue.roundNanos();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return null;
    }

    /** The address to connect to; unresolved if its name was not resolved. */
    @Override
    public SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public StreamConfig config() {
        return config;
    }

    @Override
    public IoQueue queue() {
        return queue;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attachment(@Nullable Object object) {
        attachment = object;
    }

    @Override
    public String explain() {
        return "connection to " + remote + " that was never opened";
    }

    @Override
    public String toString() {
        return explain();
    }
}
