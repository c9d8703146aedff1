package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.WriteOp;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The socket as a handler {@link OffLoop} sees it: its reading is that of the copies. */
final class OffLoopSocket implements StreamSocket {

    private final OffLoop offLoop;
    private final StreamSocket below;

    OffLoopSocket(OffLoop offLoop, StreamSocket below) {
        this.offLoop = offLoop;
        this.below = below;
    }

    @Override
    public Sent send(ByteBuffer src) {
        return below.send(src);
    }

    @Override
    public Sending send(WriteOp op) {
        return below.send(op);
    }

    @Override
    public void pauseReading() {
        offLoop.pause();
    }

    @Override
    public void resumeReading() {
        offLoop.resume(below);
    }

    @Override
    public void shutdownOutput() {
        below.shutdownOutput();
    }

    @Override
    public void close() {
        offLoop.closing();
        below.close();
    }

    @Override
    public void abort(CloseReason why) {
        offLoop.closing();
        below.abort(why);
    }

    @Override
    public void handler(StreamHandler next) {
        offLoop.handler(next, below);
    }

    @Override
    public int unread() {
        return offLoop.unread();
    }

    @Override
    public long queuedBytes() {
        return below.queuedBytes();
    }

    @Override
    public long lastOutputNanos() {
        return below.lastOutputNanos();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public StreamConfig config() {
        return below.config();
    }

    @Override
    public IoQueue queue() {
        return below.queue();
    }

    @Override
    public @Nullable Object attachment() {
        return below.attachment();
    }

    @Override
    public void attachment(@Nullable Object object) {
        below.attachment(object);
    }

    @Override
    public String explain() {
        return "off the loop, " + below.explain();
    }

    @Override
    public String toString() {
        return explain();
    }
}
