package io.github.ioqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/** Ops that other threads have submitted, in their order; the queue is made when the first one comes. */
final class Arrivals {

    private static final int CHUNK = 32;
    private static final VarHandle QUEUE =
            Atomics.field(MethodHandles.lookup(), "queue", MpscUnboundedAtomicArrayQueue.class);

    private volatile @Nullable MpscUnboundedAtomicArrayQueue<IoOp> queue;

    /** Any thread. */
    void offer(IoOp op) {
        MpscUnboundedAtomicArrayQueue<IoOp> present = queue;
        while (present == null) {
            QUEUE.compareAndSet(this, null, new MpscUnboundedAtomicArrayQueue<IoOp>(CHUNK));
            present = queue;
        }
        present.offer(op);
    }

    /** Polling thread: the next op; null if there is none, or none whole yet. */
    @Nullable IoOp poll() {
        MpscUnboundedAtomicArrayQueue<IoOp> present = queue;
        return present == null ? null : present.relaxedPoll();
    }
}
