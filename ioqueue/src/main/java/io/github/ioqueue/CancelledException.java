package io.github.ioqueue;

import java.io.IOException;

/** The failure of an op that was pending when it, its key or its queue was cancelled or closed (R8). */
public final class CancelledException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * A cause within the library. No user sees it: an op fails with an exception of its own, for a shared one would
     * collect the suppressed exceptions of all users.
     */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace to be wrong
    static final CancelledException SHARED = new CancelledException();

    /** Creates one without a stack trace: it says what happened, and where does not matter. */
    public CancelledException() {
        super("cancelled");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
