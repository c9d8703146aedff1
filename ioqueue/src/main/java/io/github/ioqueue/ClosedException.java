package io.github.ioqueue;

import java.io.IOException;

/** The failure of an op submitted after its key, its queue or its direction had been closed locally (R1). */
public final class ClosedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Creates one that says what was closed. */
    public ClosedException(String what) {
        super(what);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
