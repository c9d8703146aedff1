package io.github.ioqueue;

import org.jspecify.annotations.Nullable;

/**
 * The one observation point of a queue: called at every transition of an op and a key. Tests count system calls and
 * keep their books with it; metrics and traces stand on it. None is installed by default.
 *
 * <p>{@link #registered} and {@link #submitted} run on the calling thread, and so do {@link #attempted} and {@link
 * #completed} of an op that is tried in {@code submit}; all others on the polling thread. A probe must not call back into
 * the queue, nor throw; what it throws is reported to the error handler and has no other effect.
 */
public interface QueueProbe {

    /** Observes nothing. */
    QueueProbe NONE = new QueueProbe() {};

    /** A socket has become a key. */
    default void registered(IoKey key) {}

    /** An op is about to be admitted; it is idle no longer. Comes before everything else that happens to the op. */
    default void submitted(IoKey key, IoOp op) {}

    /** A system call was made for an op. */
    default void attempted(IoKey key, IoOp op, boolean finished) {}

    /**
     * The outcome of an op is known.
     *
     * @param inline true if {@code submit} answers {@code DONE}, false if a callback follows
     */
    default void completed(IoKey key, IoOp op, boolean inline) {}

    /** A callback is about to run: {@code onClosed} if {@code op} is null, else the completion of that op. */
    default void callbackBegins(IoKey key, @Nullable IoOp op) {}

    /** The callback has returned or thrown. */
    default void callbackEnds(IoKey key, @Nullable IoOp op) {}

    /** A key is closed, its socket given back; {@code onClosed} follows. */
    default void closed(IoKey key) {}

    /** A wait has returned, or a look if there was nothing to wait for: why, and with how many sockets ready. */
    default void polled(IoQueue queue, WaitEnd why, int ready) {}
}
