package io.github.ioqueue;

import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One asynchronous operation: its arguments, its state and its result, in a reusable object. Make it once, set it up,
 * submit it, look at its result, submit it again. Subclass {@link ReadOp}, {@link WriteOp}, {@link AcceptOp} or {@link
 * ConnectOp} to attach data of your own: the same object comes back in the completion.
 *
 * <pre>
 *             submit                     outcome known, then
 *    IDLE ---------------> PENDING --------------------------> IDLE
 *     ^                       |      the completion starts        |
 *     |                       | submit again: throws (R6)         | in its completion it may
 *     +-- submit said DONE ---+                                   +-- be submitted again (R7)
 * </pre>
 *
 * While an op is pending, it and its buffer belong to the library: read nothing, set nothing. Setters throw {@link
 * IllegalStateException} then.
 */
public abstract sealed class IoOp permits ReadOp, WriteOp, AcceptOp, ConnectOp, ShutdownOp {

    private static final VarHandle CYCLE = Atomics.field(MethodHandles.lookup(), "cycle", int.class);

    /** Odd while pending; grows by two with each submission, so that it also tells one submission from the next. */
    private volatile int cycle;

    private boolean alwaysAsync;

    private @Nullable IOException failure;

    /** The half in whose list it stands; set by the polling thread. */
    @Nullable Half half;

    /** The key that owes its deferred completion. */
    @Nullable IoKey key;

    /** Link of the {@link OpList} it stands in. */
    @Nullable IoOp next;

    IoOp() {}

    /** Whether it is submitted and its completion has not started. */
    public final boolean isPending() {
        return (cycle & 1) != 0;
    }

    /** Why the last submission failed, or null if it succeeded. */
    public final @Nullable IOException failure() {
        return failure;
    }

    /** Takes this op off the fast track: {@code submit} will always answer {@code PENDING}. Default false. */
    public final void alwaysAsync(boolean on) {
        requireIdle();
        alwaysAsync = on;
    }

    /** Whether this op, as it is set up now, never goes at once. */
    boolean isAlwaysAsync() {
        return alwaysAsync;
    }

    /** Throws if pending; for setters. */
    final void requireIdle() {
        if (isPending()) {
            throw new IllegalStateException("R6: a pending op belongs to the library: " + this);
        }
    }

    // ---- the life of one submission; called by IoKey and Half

    /** Idle to pending. Of two threads the second throws. */
    final void begin() {
        int now = cycle;
        if ((now & 1) != 0 || !CYCLE.compareAndSet(this, now, now + 1)) {
            throw new IllegalStateException("R6: already pending: " + this);
        }
        failure = null;
        reset();
    }

    /** Pending to idle: from here on the op is the caller's again. */
    final void end() {
        half = null;
        CYCLE.setRelease(this, cycle + 1);
    }

    /** Names this submission among all of this op. */
    final int cycle() {
        return cycle;
    }

    final void fail(IOException cause) {
        failure = cause == CancelledException.SHARED ? new CancelledException() : cause;
    }

    /** Clears the result of the last submission. */
    abstract void reset();

    /**
     * Tries the system call once, without waiting. The one place for it: {@code submit} and dispatch both come here.
     *
     * @param lent the queue's read buffer
     * @return true if the op is finished, false if the socket would block (or took a part: progress is the op's)
     */
    abstract boolean attempt(SocketPort port, ByteBuffer lent) throws IOException;

    /** How many bytes of it have gone so far; only whether it changes is looked at. */
    long progress() {
        return 0;
    }

    /** Whether, when it does not go at once, it is tried as soon as the socket is ready; else in the next turn. */
    boolean awaitsReadiness() {
        return true;
    }

    /** Whether the next op of its half is worth trying before the socket is reported ready again. */
    boolean mayHaveMore() {
        return true;
    }

    /** Whether it belongs to the input half of a key, rather than the output half. */
    abstract boolean isInput();

    /** Whether {@code cancel} may still take it back; a write of which bytes have left may not (R8). */
    boolean isRevocable() {
        return true;
    }

    /** What later ops of the half fail with when this one has finished; null if they may follow. */
    @Nullable IOException endOfHalf() {
        return null;
    }

    /** Throws {@link IllegalArgumentException} if a port of this kind, or these arguments, cannot do. */
    abstract void requireFit(SocketPort port);

    /** Calls the handler's method for this kind of op. */
    abstract void deliver(IoKey key, IoHandler handler);

    final IllegalArgumentException misfit(SocketPort port) {
        return new IllegalArgumentException(
                "R1: " + getClass().getSimpleName() + " does not fit a " + IoSocket.kindOf(port));
    }
}
