package io.github.ioqueue.examples;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.WriteOp;
import java.util.concurrent.atomic.LongAdder;

/** Counts completions: those that {@code submit} answered at once, and those that were told later. Any thread. */
final class Completions implements QueueProbe {

    private final LongAdder submitted = new LongAdder();
    private final LongAdder immediate = new LongAdder();
    private final LongAdder pending = new LongAdder();
    private final LongAdder immediateWrites = new LongAdder();
    private final LongAdder pendingWrites = new LongAdder();

    @Override
    public void submitted(IoKey key, IoOp op) {
        submitted.increment();
    }

    @Override
    public void completed(IoKey key, IoOp op, boolean inline) {
        (inline ? immediate : pending).increment();
        if (op instanceof WriteOp) {
            (inline ? immediateWrites : pendingWrites).increment();
        }
    }

    /** Completions told by the answer of {@code submit}. */
    long immediate() {
        return immediate.sum();
    }

    /** Completions told by a callback. */
    long pending() {
        return pending.sum();
    }

    long immediateWrites() {
        return immediateWrites.sum();
    }

    long pendingWrites() {
        return pendingWrites.sum();
    }

    /** How many ops have not completed: 0 when all queues are closed. */
    long missing() {
        return submitted.sum() - immediate() - pending();
    }

    @Override
    public String toString() {
        return "completions " + immediate() + " immediate, " + pending() + " pending";
    }
}
