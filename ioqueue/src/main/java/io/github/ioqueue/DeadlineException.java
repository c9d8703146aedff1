package io.github.ioqueue;

import java.io.IOException;

/** The failure of what had not happened when its deadline passed. */
public final class DeadlineException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Creates one that names the deadline and its length. */
    public DeadlineException(String what) {
        super(what);
    }
}
