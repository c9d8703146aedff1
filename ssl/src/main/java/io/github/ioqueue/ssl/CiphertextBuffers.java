package io.github.ioqueue.ssl;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Ciphertext on its way to the socket below: one buffer is filled, one is written, and those encrypted ahead wait between
 * them. All come from the queue's pool and go back as soon as they are empty. Polling thread only.
 *
 * <pre>
 *    engine ---&gt; filling ---&gt; full, full ... ---- handOver, when none is in flight ----&gt; writing ---- onSent ----&gt; released
 * </pre>
 *
 * Each buffer knows how much plaintext it carries and how many sends end in it: so a send is complete when the kernel has
 * the last byte of its ciphertext.
 */
final class CiphertextBuffers {

    /** The largest buffer, unless one record needs more. */
    private static final int MAX_SIZE = 64 * 1024;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    /** A buffer and what is in it. */
    private static final class Packet {
        final ByteBuffer bytes;
        long plaintextBytes;
        int sendsEnding;

        Packet(ByteBuffer bytes) {
            this.bytes = bytes;
        }
    }

    private final StreamSocket below;
    private final boolean heap;
    private final WriteOp op = new WriteOp();
    private final ArrayDeque<Packet> full = new ArrayDeque<>(0);
    private @Nullable Packet filling;
    private @Nullable Packet writing;

    CiphertextBuffers(StreamSocket below, boolean heap) {
        this.below = below;
        this.heap = heap;
    }

    // ---- filling

    /**
     * Returns a buffer with room for a record; null if what is filled has to be handed over first.
     *
     * @param record how much room a record needs
     * @param expected how much more than one record is to come
     * @param ahead never returns null, whatever waits: see {@link TlsOutbound#encryptAhead}
     */
    @Nullable ByteBuffer room(int record, long expected, boolean ahead) {
        Packet now = filling;
        if (now != null && now.bytes.remaining() < record) {
            if (now.bytes.position() == 0) {
                buffers().release(now.bytes); // the engine's records have grown
            } else if (ahead) {
                setAside(now);
            } else {
                return null;
            }
            filling = null;
        }
        if (filling == null) {
            int size = (int) Math.min(Math.max(MAX_SIZE, record), record + expected);
            filling = new Packet(heap ? buffers().acquireHeap(size) : buffers().acquire(size));
        }
        return filling.bytes;
    }

    /** It waits behind the others, in the last one's buffer if that has room: large records may have little in them. */
    private void setAside(Packet packet) {
        Packet last = full.peekLast();
        if (last == null || last.bytes.remaining() < packet.bytes.position()) {
            full.add(packet);
            return;
        }
        last.bytes.put(packet.bytes.flip());
        last.plaintextBytes += packet.plaintextBytes;
        last.sendsEnding += packet.sendsEnding;
        buffers().release(packet.bytes);
    }

    /** Plaintext went into the buffer that {@link #room} returned last. */
    void took(long plaintextBytes) {
        if (filling != null) {
            filling.plaintextBytes += plaintextBytes;
        }
    }

    /** A send ends with the ciphertext that is there now. Returns false if there is none: it is complete already. */
    boolean endSend() {
        Packet last = isFilled() ? filling : full.isEmpty() ? writing : full.peekLast();
        if (last != null) {
            last.sendsEnding++;
        }
        return last != null;
    }

    /** Returns an empty buffer to fill elsewhere and take back; null while another waits to be handed over. */
    @Nullable ByteBuffer lend(int record) {
        ByteBuffer room = isReady() ? null : room(record, MAX_SIZE, false);
        if (room != null) {
            filling = null;
        }
        return room;
    }

    void takeBack(ByteBuffer room) {
        filling = new Packet(room);
        trim();
    }

    private boolean isFilled() {
        return filling != null && filling.bytes.position() > 0;
    }

    /** Gives an empty buffer back: an idle connection holds none. */
    void trim() {
        if (filling != null && filling.bytes.position() == 0) {
            buffers().release(filling.bytes);
            filling = null;
        }
    }

    // ---- writing

    /** Returns true if there is something to hand over. */
    boolean isReady() {
        return isFilled() || !full.isEmpty();
    }

    /** Returns true if something is in flight. */
    boolean isWriting() {
        return writing != null;
    }

    /** Returns true if nothing is to be handed over, and nothing is in flight. */
    boolean isEmpty() {
        return !isWriting() && !isReady();
    }

    /** Gives the first buffer to the socket below; not while one is in flight. {@code DONE}: call {@link #written}. */
    Sending handOver() {
        Packet next = full.isEmpty() ? filling : full.peek();
        if (next == null) {
            throw new IllegalStateException("nothing to hand over");
        }
        op.buffer(next.bytes.flip());
        Sending result = below.send(op);
        if (result == Sending.FULL || result == Sending.CLOSED) {
            op.buffer(EMPTY);
            next.bytes.compact(); // it is handed over with onWritable, or dropped with the socket below
        } else {
            if (full.poll() == null) {
                filling = null;
            }
            writing = next;
        }
        return result;
    }

    /** What was in flight is written. Returns how many sends end in it. */
    int written() {
        Packet done = writing;
        if (done == null) {
            return 0;
        }
        writing = null;
        op.buffer(EMPTY);
        buffers().release(done.bytes);
        return done.sendsEnding;
    }

    /** How many bytes of ciphertext the socket below has not written. */
    long bytes() {
        long bytes = writing == null ? 0 : op.buffer().remaining();
        for (Packet packet : full) {
            bytes += packet.bytes.position();
        }
        return bytes + (filling == null ? 0 : filling.bytes.position());
    }

    /** The socket below is closed: nothing goes out any more. Returns how many bytes of plaintext are lost. */
    long drop() {
        long lost = release(writing) + release(filling);
        writing = null;
        filling = null;
        for (Packet packet = full.poll(); packet != null; packet = full.poll()) {
            lost += release(packet);
        }
        if (!op.isPending()) {
            op.buffer(EMPTY);
        }
        return lost;
    }

    private long release(@Nullable Packet packet) {
        if (packet == null) {
            return 0;
        }
        buffers().release(packet.bytes);
        return packet.plaintextBytes;
    }

    private BufferPool buffers() {
        return below.queue().buffers();
    }
}
