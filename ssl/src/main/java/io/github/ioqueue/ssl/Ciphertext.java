package io.github.ioqueue.ssl;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Ciphertext on its way to the socket below: one buffer being filled, one being written. Both come from the queue's pool
 * and go back as soon as they are empty. Polling thread only.
 *
 * <pre>
 *    engine ---> filling ---- handOver, when nothing is in flight ----> op ---- onSent ----> released
 * </pre>
 */
final class Ciphertext {

    /** More is never filled into one buffer. */
    private static final int LARGEST = 64 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final StreamSocket below;
    private final boolean heap;
    private final WriteOp op = new WriteOp();
    private @Nullable ByteBuffer filling;
    private @Nullable ByteBuffer writing;

    Ciphertext(StreamSocket below, boolean heap) {
        this.below = below;
        this.heap = heap;
    }

    /**
     * A buffer with so much room, to be filled; null when it is full and has to wait for the one before it.
     *
     * @param expected how much more than one record is to come
     */
    @Nullable ByteBuffer room(int record, long expected) {
        if (filling == null) {
            int size = (int) Math.min(Math.max(LARGEST, record), record + expected);
            filling = heap ? buffers().acquireHeap(size) : buffers().acquire(size);
        }
        if (filling.remaining() >= record) {
            return filling;
        }
        if (filling.position() == 0) {
            release(filling); // the engine's records have grown
            filling = null;
            return room(record, expected);
        }
        return null;
    }

    /** An empty buffer, to be filled elsewhere and taken back; null while one waits to be handed over. */
    @Nullable ByteBuffer lend(int record) {
        ByteBuffer room = isFilled() ? null : room(record, LARGEST);
        if (room != null) {
            filling = null;
        }
        return room;
    }

    void takeBack(ByteBuffer room) {
        filling = room;
        trim();
    }

    /** Whether there is something to hand over. */
    boolean isFilled() {
        return filling != null && filling.position() > 0;
    }

    /** Whether something is in flight. */
    boolean isWriting() {
        return writing != null;
    }

    /** Gives the filled buffer to the socket below; not while one is in flight. */
    Sending handOver() {
        ByteBuffer full = filling;
        if (full == null) {
            throw new IllegalStateException("nothing to hand over");
        }
        full.flip();
        op.buffer(full);
        Sending answer = below.send(op);
        if (answer == Sending.FULL) {
            op.buffer(NOTHING);
            full.compact(); // it comes again with onWritable
        } else {
            filling = null;
            writing = full;
            if (answer != Sending.PENDING) {
                written();
            }
        }
        return answer;
    }

    /** What was in flight is written, or will never be. */
    void written() {
        if (writing != null) {
            release(writing);
            writing = null;
        }
        if (!op.isPending()) {
            op.buffer(NOTHING);
        }
    }

    /** Gives an empty buffer back: an idle connection holds none. */
    void trim() {
        if (filling != null && filling.position() == 0) {
            release(filling);
            filling = null;
        }
    }

    /** The socket below is closed: nothing goes out any more. */
    void drop() {
        if (filling != null) {
            release(filling);
            filling = null;
        }
        written();
    }

    private void release(ByteBuffer buffer) {
        buffers().release(buffer);
    }

    private BufferPool buffers() {
        return below.queue().buffers();
    }
}
