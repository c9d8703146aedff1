package io.github.ioqueue.activesock.framing;

import java.nio.ByteBuffer;

/**
 * Finds the frames in the bytes that one connection receives. It may remember how far it has looked, so each connection has
 * one of its own; without I/O, and without threads.
 */
public interface Framer {

    /**
     * Looks whether a whole frame begins at the position of {@code in}; if so, {@link #start}, {@link #limit} and {@link
     * #next} tell where it is. Position and limit of the buffer stay. When it answers false, the next call has the same
     * bytes in front of what has come since.
     *
     * @throws FrameException if no frame can begin here, whatever may follow
     */
    boolean find(ByteBuffer in) throws FrameException;

    /** Where the payload begins, as an index of the buffer. */
    int start();

    /** Where it ends. */
    int limit();

    /** Where the next frame begins. */
    int next();
}
