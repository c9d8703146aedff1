package io.github.ioqueue;

import org.jspecify.annotations.Nullable;

/**
 * The only place that calls an {@link IoHandler}: on the polling thread, one callback at a time (R4), each a turn of its
 * own, and none able to harm the loop (R9).
 */
final class Callbacks {

    private final IoKey key;
    private final IoHandler handler;
    private final Loop loop;
    private final QueueProbe probe;

    Callbacks(IoKey key, IoHandler handler) {
        this.key = key;
        this.handler = handler;
        this.loop = key.queue().loop();
        this.probe = key.queue().probe();
    }

    /** Runs the completion of an op. The op is the caller's again when it starts (R6, R7), a lent buffer till it ends. */
    void complete(IoOp op) {
        begins(op);
        op.end();
        int cycle = op.cycle();
        try {
            op.deliver(key, handler);
        } catch (Throwable e) {
            key.queue().errors().report(key, e);
        } finally {
            // Submitted again, perhaps to another queue, it is no longer ours to touch.
            if (op instanceof ReadOp read && op.cycle() == cycle) {
                read.endLoan();
            }
            ends(op);
        }
    }

    /** Tells the handler that the queue is being drained. No completion, and so nothing that a probe hears of. */
    void drain() {
        try {
            handler.onDrain(key);
        } catch (Throwable e) {
            key.queue().errors().report(key, e);
        } finally {
            loop.endTurn();
        }
    }

    /** Runs the last callback of the key. */
    void closed() {
        begins(null);
        try {
            handler.onClosed(key);
        } catch (Throwable e) {
            key.queue().errors().report(key, e);
        } finally {
            ends(null);
        }
    }

    private void begins(@Nullable IoOp op) {
        probe.callbackBegins(key, op);
    }

    private void ends(@Nullable IoOp op) {
        probe.callbackEnds(key, op);
        loop.endTurn();
    }
}
