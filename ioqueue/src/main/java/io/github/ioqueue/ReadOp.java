package io.github.ioqueue;

import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads once from a stream: whatever is there, at least one byte, or the end.
 *
 * <p>Two ways to hold the bytes. {@link #into} reads into the caller's buffer from its position on. {@link #lend()}
 * holds none while it waits: when bytes are there they are read into the queue's own direct buffer, lent to the
 * completion until it returns. A lending read is always {@code PENDING}; an idle socket then pins no memory (R12).
 */
public non-sealed class ReadOp extends IoOp {

    private static final ByteBuffer NO_PREFIX = ByteBuffer.allocate(0);

    private @Nullable ByteBuffer buffer;
    private @Nullable ByteBuffer prefix = NO_PREFIX;
    private int count;
    private boolean filled;

    /** Creates a lending read. */
    public ReadOp() {}

    /** Creates a read into a buffer of the caller's. */
    public ReadOp(ByteBuffer buffer) {
        this.buffer = Objects.requireNonNull(buffer, "buffer");
        this.prefix = null;
    }

    /** Reads into this buffer, which must have room when submitted. */
    public final void into(ByteBuffer dst) {
        requireIdle();
        buffer = Objects.requireNonNull(dst, "dst");
        prefix = null;
    }

    /** Reads into the queue's buffer. */
    public final void lend() {
        lend(NO_PREFIX);
    }

    /**
     * Reads into the queue's buffer, behind a copy of what remains in {@code before}: bytes of earlier reads that are
     * to be seen in one piece with the new ones. The position of {@code before} does not move. At most half of the
     * queue's buffer is taken that way; longer remainders are read behind in place, by {@link #into}.
     */
    public final void lend(ByteBuffer before) {
        requireIdle();
        prefix = Objects.requireNonNull(before, "before");
        buffer = null;
    }

    /** Whether the buffer is the queue's. */
    public final boolean isLending() {
        return prefix != null;
    }

    /**
     * The bytes. The caller's own buffer with its position behind what was read; or, in the completion of a lending
     * read, the lent one from the first byte of the prefix to the last one read.
     *
     * @throws IllegalStateException if nothing is lent now
     */
    public final ByteBuffer buffer() {
        if (buffer == null) {
            throw new IllegalStateException("a lent buffer is there in the completion only");
        }
        return buffer;
    }

    /** How many bytes were read (the prefix not counted), or {@link SocketPort#END} at the end of the stream. */
    public final int count() {
        return count;
    }

    /** Whether the peer's stream is at its end: nothing was read, and nothing will be. */
    public final boolean isEnd() {
        return count == SocketPort.END;
    }

    // ---- library side

    @Override
    final boolean isAlwaysAsync() {
        return isLending() || super.isAlwaysAsync();
    }

    @Override
    void reset() {
        count = 0;
        filled = false;
        if (isLending()) {
            buffer = null;
        }
    }

    @Override
    final boolean attempt(SocketPort port, ByteBuffer lent) throws IOException {
        ByteBuffer dst = prefix != null ? prefixed(lent, prefix) : buffer();
        int n = readFrom(port, dst);
        if (n == SocketPort.WOULD_BLOCK) {
            return false;
        }
        count = n;
        filled = n != SocketPort.END && !dst.hasRemaining();
        if (prefix != null) {
            buffer = dst.flip();
        }
        return true;
    }

    private static ByteBuffer prefixed(ByteBuffer lent, ByteBuffer prefix) {
        lent.clear().order(ByteOrder.BIG_ENDIAN); // whatever the handler before liked
        int length = prefix.remaining();
        if (length > 0) {
            lent.put(0, prefix, prefix.position(), length).position(length);
        }
        return lent;
    }

    /** The system call; datagrams make another. */
    int readFrom(SocketPort port, ByteBuffer dst) throws IOException {
        return ((StreamPort) port).read(dst);
    }

    @Override
    boolean mayHaveMore() {
        return filled;
    }

    /** Ends the loan: called when the completion has returned. */
    final void endLoan() {
        if (isLending()) {
            buffer = null;
        }
    }

    @Override
    final boolean isInput() {
        return true;
    }

    @Override
    void requireFit(SocketPort port) {
        if (!(port instanceof StreamPort)) {
            throw misfit(port);
        }
        requireRoom();
    }

    /** A read without room could not tell "nothing fits" from "nothing came". */
    final void requireRoom() {
        if (!isLending() && !buffer().hasRemaining()) {
            throw new IllegalArgumentException("R1: the buffer to read into has no room");
        }
        if (prefix != null && prefix.remaining() > IoQueue.LENT_BYTES / 2) {
            throw new IllegalArgumentException("R1: prefix of " + prefix.remaining() + " bytes, at most "
                    + IoQueue.LENT_BYTES / 2 + " can stand before a lending read");
        }
    }

    @Override
    final void deliver(IoKey key, IoHandler handler) {
        handler.onReadComplete(key, this);
    }
}
