package io.github.ioqueue.nio;

import java.nio.ByteBuffer;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/**
 * A few direct buffers through which heap bytes go to and from the kernel. Handing a heap buffer to a channel would
 * make the JDK keep a hidden direct copy of its full size for every thread that ever wrote one; going through a slice
 * of fixed size bounds that to what is kept here. Any thread.
 */
final class DirectSlices {

    /** Room enough for any datagram, and for one good write of a stream. */
    static final int SLICE = 64 * 1024;

    private static final int KEPT = 16;

    private final MpmcAtomicArrayQueue<ByteBuffer> free = new MpmcAtomicArrayQueue<>(KEPT);

    /** An empty slice; give it {@link #back}. */
    ByteBuffer take() {
        ByteBuffer slice = free.poll();
        return slice != null ? slice.clear() : ByteBuffer.allocateDirect(SLICE);
    }

    /** Takes a slice back, or lets it go when enough are kept. */
    void back(ByteBuffer slice) {
        free.offer(slice);
    }
}
