package io.github.ioqueue.activesock.framing;

import java.io.IOException;

/** The peer sent what is no frame: too long, impossible, or cut off. The message says what was found and what is allowed. */
public final class FrameException extends IOException {

    private static final long serialVersionUID = 1;

    /** With a sentence on what is wrong. */
    public FrameException(String message) {
        super(message);
    }
}
