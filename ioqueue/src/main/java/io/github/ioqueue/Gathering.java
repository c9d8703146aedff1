package io.github.ioqueue;

import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes several queued ops of a stream by one system call: on loopback four fifths of an echo's cost is the write
 * call, so fewer writes is the one lever there is. Each op keeps its own progress; those written whole behind the first
 * are recognised by {@link #hasTaken} when their turn comes. Scratch of the polling thread, one per queue.
 */
final class Gathering {

    private static final int MOST = 16;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final ByteBuffer[] buffers = new ByteBuffer[MOST];
    private final int[] sizes = new int[MOST];

    /** Whether the op is a stream write with another such behind it. */
    static boolean canTake(IoOp op, SocketPort port) {
        return isTakeable(op) && isTakeable(op.next) && port instanceof StreamPort;
    }

    private static boolean isTakeable(@Nullable IoOp op) {
        return op instanceof WriteOp write && !write.isHeld() && !write.isWritten();
    }

    /** Whether an earlier gathering write has taken all of this op along. */
    static boolean hasTaken(IoOp op) {
        return op instanceof WriteOp write && write.count() > 0 && write.isWritten();
    }

    /** Writes once; answers whether the first op is finished. */
    boolean attempt(WriteOp first, StreamPort port) throws IOException {
        int n = 0;
        for (IoOp op = first; n < MOST && op instanceof WriteOp write && isTakeable(op); op = op.next) {
            sizes[n] = write.buffer().remaining();
            buffers[n++] = write.buffer();
        }
        try {
            port.gather(buffers, n);
        } finally {
            book(first, n);
        }
        return first.isWritten();
    }

    /** Tells each op what of it was taken; the positions of the buffers say so. */
    private void book(WriteOp first, int n) {
        IoOp op = first;
        for (int i = 0; i < n && op instanceof WriteOp write; i++, op = op.next) {
            write.took(sizes[i] - write.buffer().remaining());
            buffers[i] = NONE; // holds on to nobody's buffer
        }
    }
}
