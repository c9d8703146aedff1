package io.github.ioqueue;

import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Writes all that remains in a buffer to a stream. A part that the kernel took is not an event: the buffer's position
 * is the op's progress, and the op completes when nothing remains, or with a failure.
 */
public non-sealed class WriteOp extends IoOp {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private ByteBuffer buffer;
    private long count;
    private boolean held;

    /** Creates a write of nothing; set a buffer before submitting it. */
    public WriteOp() {
        buffer = EMPTY;
    }

    /** Creates a write of what remains in the buffer. */
    public WriteOp(ByteBuffer buffer) {
        this.buffer = Objects.requireNonNull(buffer, "buffer");
    }

    /** Sets the bytes to write: from position to limit. */
    public final void buffer(ByteBuffer src) {
        requireIdle();
        buffer = Objects.requireNonNull(src, "src");
    }

    /** The buffer; after a success nothing remains in it. */
    public final ByteBuffer buffer() {
        return buffer;
    }

    /** How many bytes of this submission the kernel has taken; after a failure it may be fewer than there were. */
    public final long count() {
        return count;
    }

    /**
     * Moves a pending write to a copy: what is not yet written goes on from {@code copy}, which is filled from its
     * position on and flipped, and the former buffer is free. Polling thread only.
     *
     * @throws java.nio.BufferOverflowException if the rest does not fit into {@code copy}
     */
    public final void moveTo(ByteBuffer copy) {
        copy.put(buffer).flip();
        buffer = copy;
    }

    // ---- library side

    /** A held op has its place in the order but is not tried: see {@link IoKey#hold}. */
    final boolean isHeld() {
        return held;
    }

    final void held(boolean on) {
        held = on;
    }

    @Override
    void reset() {
        count = 0;
        held = false;
    }

    @Override
    final long progress() {
        return count;
    }

    final boolean isWritten() {
        return !buffer.hasRemaining();
    }

    @Override
    final boolean attempt(SocketPort port, ByteBuffer lent) throws IOException {
        int before = buffer.position();
        boolean all = writeTo(port);
        count += buffer.position() - before;
        return all;
    }

    /** The system call, or none for nothing; datagrams make another. */
    boolean writeTo(SocketPort port) throws IOException {
        if (buffer.hasRemaining()) {
            ((StreamPort) port).write(buffer);
        }
        return isWritten();
    }

    /** Books what a gathering write over several ops took of this one. */
    final void took(int bytes) {
        count += bytes;
    }

    @Override
    final boolean isInput() {
        return false;
    }

    @Override
    final boolean isRevocable() {
        return count == 0;
    }

    @Override
    void requireFit(SocketPort port) {
        if (!(port instanceof StreamPort)) {
            throw misfit(port);
        }
    }

    @Override
    final void deliver(IoKey key, IoHandler handler) {
        handler.onWriteComplete(key, this);
    }
}
