package io.github.ioqueue;

import java.io.IOException;

/** The peer has torn the connection down: a reset came, or what was sent met a closed socket. */
public final class ResetException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Creates one around the system's own words. */
    public ResetException(IOException cause) {
        super("connection reset by peer", cause);
    }
}
