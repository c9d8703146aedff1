package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.QueueProbe;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Probes that pass on what a broken queue would report. */
final class BrokenProbes {

    private BrokenProbes() {}

    /** Passes everything on. */
    static class Relay implements QueueProbe {
        final QueueProbe next;

        Relay(QueueProbe next) {
            this.next = next;
        }

        @Override
        public void registered(IoKey key) {
            next.registered(key);
        }

        @Override
        public void submitted(IoKey key, IoOp op) {
            next.submitted(key, op);
        }

        @Override
        public void attempted(IoKey key, IoOp op, boolean finished) {
            next.attempted(key, op, finished);
        }

        @Override
        public void completed(IoKey key, IoOp op, boolean inline) {
            next.completed(key, op, inline);
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            next.callbackBegins(key, op);
        }

        @Override
        public void callbackEnds(IoKey key, @Nullable IoOp op) {
            next.callbackEnds(key, op);
        }

        @Override
        public void closed(IoKey key) {
            next.closed(key);
        }
    }

    /** The callback of a cancelled op does not come. */
    static final class DroppedCancel extends Relay {
        DroppedCancel(QueueProbe next) {
            super(next);
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            if (op == null || !(op.failure() instanceof CancelledException)) {
                super.callbackBegins(key, op);
            }
        }

        @Override
        public void callbackEnds(IoKey key, @Nullable IoOp op) {
            if (op == null || op.isPending() || !(op.failure() instanceof CancelledException)) {
                super.callbackEnds(key, op);
            }
        }
    }

    /** Every callback comes twice. */
    static final class Twice extends Relay {
        Twice(QueueProbe next) {
            super(next);
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            super.callbackBegins(key, op);
            if (op != null) {
                super.callbackEnds(key, op);
                super.callbackBegins(key, op);
            }
        }
    }

    /** When the queue ends, {@code onClosed} does not come. */
    static final class ForgottenEnd extends Relay {
        ForgottenEnd(QueueProbe next) {
            super(next);
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            if (op != null || !key.queue().isClosing()) {
                super.callbackBegins(key, op);
            }
        }

        @Override
        public void callbackEnds(IoKey key, @Nullable IoOp op) {
            if (op != null || !key.queue().isClosing()) {
                super.callbackEnds(key, op);
            }
        }
    }

    /** When the queue ends, callbacks come on a thread of their own. */
    static final class OtherThread extends Relay {
        private final ForeignThread other;

        OtherThread(QueueProbe next, ForeignThread other) {
            super(next);
            this.other = other;
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            if (key.queue().isClosing()) {
                other.run(() -> super.callbackBegins(key, op));
            } else {
                super.callbackBegins(key, op);
            }
        }
    }

    /** When a key is closed, the callbacks of its ops come inside the next {@code submit} of any key. */
    static final class InsideSubmit extends Relay {
        private final ArrayDeque<Runnable> late = new ArrayDeque<>();

        InsideSubmit(QueueProbe next) {
            super(next);
        }

        @Override
        public synchronized void submitted(IoKey key, IoOp op) {
            super.submitted(key, op);
            for (Runnable each = late.poll(); each != null; each = late.poll()) {
                each.run();
            }
        }

        @Override
        public synchronized void callbackBegins(IoKey key, @Nullable IoOp op) {
            if (op == null) {
                late.add(() -> {
                    super.callbackBegins(key, null);
                    super.callbackEnds(key, null);
                });
            } else {
                super.callbackBegins(key, op);
            }
        }

        @Override
        public synchronized void callbackEnds(IoKey key, @Nullable IoOp op) {
            if (op != null) {
                super.callbackEnds(key, op);
            }
        }
    }
}
