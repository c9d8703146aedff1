package io.github.ioqueue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Calls the error handler of a queue, and contains what that throws itself: once per queue it goes to System.err. */
final class GuardedErrorHandler {

    private final IoQueue queue;
    private final ErrorHandler handler;
    private final AtomicBoolean fallbackUsed = new AtomicBoolean();

    GuardedErrorHandler(IoQueue queue, ErrorHandler handler) {
        this.queue = queue;
        this.handler = handler;
    }

    /** A step that may throw anything. */
    interface Step {
        void run() throws IOException;
    }

    /** Runs a step, and reports what it throws. */
    void contain(@Nullable IoKey key, Step step) {
        try {
            step.run();
        } catch (Throwable e) {
            report(key, e);
        }
    }

    /** Reports what user, backend or layer code threw. Throws nothing. */
    @SuppressWarnings("SystemOut") // the last resort
    void report(@Nullable IoKey key, Throwable error) {
        try {
            handler.onError(queue, key, error);
        } catch (Throwable second) {
            if (!fallbackUsed.getAndSet(true)) {
                try {
                    System.err.println("ioqueue: the error handler threw " + second + " when it was given " + error
                            + "; later failures of it are not printed");
                } catch (Throwable third) {
                    // nothing is left to do
                }
            }
        }
    }
}
