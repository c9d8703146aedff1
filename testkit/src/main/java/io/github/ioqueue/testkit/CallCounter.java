package io.github.ioqueue.testkit;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.WaitEnd;
import io.github.ioqueue.probe.KindCounts;
import io.github.ioqueue.probe.OpKind;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts system calls: those made for ops, by kind, and the waits. Several queues may share one. Read it from any
 * thread; the numbers are exact once the queues stand still.
 */
public final class CallCounter implements QueueProbe {

    private final KindCounts calls = new KindCounts();
    private final KindCounts unfinished = new KindCounts();
    private final LongAdder polls = new LongAdder();
    private final LongAdder emptyPolls = new LongAdder();

    /** Creates a counter at zero. */
    public CallCounter() {}

    @Override
    public void attempted(IoKey key, IoOp op, boolean finished) {
        OpKind kind = OpKind.of(op);
        calls.add(kind);
        if (!finished) {
            unfinished.add(kind);
        }
    }

    @Override
    public void polled(IoQueue queue, WaitEnd why, int ready) {
        polls.increment();
        if (ready == 0) {
            emptyPolls.increment();
        }
    }

    /** How many calls of this kind were made; a gathering write counts once. */
    public long calls(OpKind kind) {
        return calls.of(kind);
    }

    /** How many of them left the op unfinished: nothing or only a part could be done. */
    public long unfinished(OpKind kind) {
        return unfinished.of(kind);
    }

    /** How many waits have returned. */
    public long polls() {
        return polls.sum();
    }

    /** How many waits have returned with no socket ready. */
    public long emptyPolls() {
        return emptyPolls.sum();
    }
}
