package io.github.ioqueue;

/**
 * Receives the completions of one key. All methods run on the thread that polls the key's queue, one at a time (R4), and
 * never inside a {@code submit}, {@code cancel} or {@code close} (R5). From inside them everything is allowed: submit
 * the same op again, close this key, another or the queue (R7). What they throw goes to the queue's {@link
 * ErrorHandler}; the loop and all other keys go on (R9).
 */
public interface IoHandler {

    /** A {@link ReadOp} that was pending is complete. A lent buffer is valid until this returns. */
    default void onReadComplete(IoKey key, ReadOp op) {}

    /** A {@link WriteOp} that was pending is complete: everything is written, or it failed. */
    default void onWriteComplete(IoKey key, WriteOp op) {}

    /** An {@link AcceptOp} that was pending is complete. */
    default void onAcceptComplete(IoKey key, AcceptOp op) {}

    /** The {@link ConnectOp} that was pending is complete. After a failure the key closes itself. */
    default void onConnectComplete(IoKey key, ConnectOp op) {}

    /**
     * This key, or its whole queue, is being drained: bring it to its end. Closes it; override it to finish first what
     * is under way. Once at most, and never behind {@code onClosed}.
     */
    default void onDrain(IoKey key) {
        key.close();
    }

    /** The key is closed: the last call of this key, once (R8). The socket keeps its addresses. */
    default void onClosed(IoKey key) {}
}
