package io.github.ioqueue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.function.IntFunction;

/**
 * Buffers of one queue, direct ones and arrays, in sizes of powers of two from 512 bytes to 64 KiB. What is given back
 * is kept up to a cap in bytes and let go beyond it. Polling thread only.
 */
public final class BufferPool {

    private static final int SMALLEST = 9;
    private static final int LARGEST = 16;

    private final ArrayDeque<ByteBuffer>[] direct = shelves();
    private final ArrayDeque<ByteBuffer>[] heap = shelves();
    private final long cap;
    private long kept;
    private long lent;

    BufferPool(long capBytes) {
        cap = capBytes;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ArrayDeque<ByteBuffer>[] shelves() {
        ArrayDeque<ByteBuffer>[] shelves = new ArrayDeque[LARGEST - SMALLEST + 1];
        for (int i = 0; i < shelves.length; i++) {
            shelves[i] = new ArrayDeque<>();
        }
        return shelves;
    }

    /** A cleared direct buffer with room for at least so many bytes; beyond 64 KiB a new one each time. */
    public ByteBuffer acquire(int bytes) {
        return acquire(direct, bytes, ByteBuffer::allocateDirect);
    }

    /** As {@link #acquire}, with an array behind it. */
    public ByteBuffer acquireHeap(int bytes) {
        return acquire(heap, bytes, ByteBuffer::allocate);
    }

    private ByteBuffer acquire(ArrayDeque<ByteBuffer>[] free, int bytes, IntFunction<ByteBuffer> allocator) {
        int power = Math.max(SMALLEST, 32 - Integer.numberOfLeadingZeros(Math.max(1, bytes) - 1));
        ByteBuffer buffer = power > LARGEST ? null : free[power - SMALLEST].poll();
        if (buffer != null) {
            kept -= buffer.capacity();
            buffer.clear().order(ByteOrder.BIG_ENDIAN); // whatever its last user liked
        } else {
            buffer = allocator.apply(power > LARGEST ? bytes : 1 << power);
        }
        lent += buffer.capacity();
        return buffer;
    }

    /** Takes a buffer back that {@link #acquire} or {@link #acquireHeap} gave. */
    public void release(ByteBuffer buffer) {
        int capacity = buffer.capacity();
        lent -= capacity;
        if (capacity <= 1 << LARGEST && kept + capacity <= cap) {
            kept += capacity;
            ArrayDeque<ByteBuffer>[] free = buffer.isDirect() ? direct : heap;
            free[Integer.numberOfTrailingZeros(capacity) - SMALLEST].push(buffer);
        }
    }

    /** How many bytes are out now; 0 when all sockets are idle or gone. */
    public long lentBytes() {
        return lent;
    }

    /** How many bytes are kept for the next to come. */
    public long keptBytes() {
        return kept;
    }
}
