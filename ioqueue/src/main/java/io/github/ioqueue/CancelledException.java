package io.github.ioqueue;

import java.io.IOException;

/** The failure of an op that was pending when it, its key or its queue was cancelled or closed (R8). */
public final class CancelledException extends IOException {

    private static final long serialVersionUID = 1L;

    /** One for all: it says what happened, and nobody needs to know where. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace to be wrong
    public static final CancelledException INSTANCE = new CancelledException();

    private CancelledException() {
        super("cancelled");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
