package io.github.ioqueue;

import org.jspecify.annotations.Nullable;

/**
 * Contains what a probe throws: it is reported, and the transition that the probe observes goes on. A probe must not throw;
 * but one that does must not cost a connection or the loop.
 */
final class GuardedProbe implements QueueProbe {

    private final QueueProbe probe;
    private final GuardedErrorHandler errors;

    private GuardedProbe(QueueProbe probe, GuardedErrorHandler errors) {
        this.probe = probe;
        this.errors = errors;
    }

    static QueueProbe of(QueueProbe probe, GuardedErrorHandler errors) {
        return probe == QueueProbe.NONE ? probe : new GuardedProbe(probe, errors);
    }

    @Override
    public void registered(IoKey key) {
        try {
            probe.registered(key);
        } catch (Throwable e) {
            errors.report(key, e);
        }
    }

    @Override
    public void submitted(IoKey key, IoOp op) {
        try {
            probe.submitted(key, op);
        } catch (Throwable e) {
            errors.report(key, e);
        }
    }

    @Override
    public void attempted(IoKey key, IoOp op, boolean finished) {
        try {
            probe.attempted(key, op, finished);
        } catch (Throwable e) {
            errors.report(key, e);
        }
    }

    @Override
    public void completed(IoKey key, IoOp op, boolean inline) {
        try {
            probe.completed(key, op, inline);
        } catch (Throwable e) {
            errors.report(key, e);
        }
    }

    @Override
    public void callbackBegins(IoKey key, @Nullable IoOp op) {
        try {
            probe.callbackBegins(key, op);
        } catch (Throwable e) {
            errors.report(key, e);
        }
    }

    @Override
    public void callbackEnds(IoKey key, @Nullable IoOp op) {
        try {
            probe.callbackEnds(key, op);
        } catch (Throwable e) {
            errors.report(key, e);
        }
    }

    @Override
    public void closed(IoKey key) {
        try {
            probe.closed(key);
        } catch (Throwable e) {
            errors.report(key, e);
        }
    }

    @Override
    public void polled(IoQueue queue, WaitEnd why, int ready) {
        try {
            probe.polled(queue, why, ready);
        } catch (Throwable e) {
            errors.report(null, e);
        }
    }
}
