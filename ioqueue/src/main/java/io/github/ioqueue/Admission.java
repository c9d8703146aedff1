package io.github.ioqueue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Who may go at once, who has to wait and who comes too late: what the threads that submit to one direction of a key and
 * the loop agree on, in one word.
 *
 * <pre>
 *     31   30     29     28 ............ 0
 *        | SHUT | OUTSIDE | ops inside     |
 *
 *   admit      + 1, refused once SHUT. The count before is the ticket: 0 says that nobody is in front, neither in the
 *              loop's list nor on the way to it, so that who drew it may go at once and overtakes nobody
 *   own        0 -&gt; 1 + OUTSIDE: as admit, by a thread that is not the loop, which then tries its own op and no other's.
 *              While OUTSIDE is set the loop leaves the socket's direction alone, and everybody else waits behind
 *   disown     - 1 - OUTSIDE: the op is finished
 *   hand over  - OUTSIDE: the op is not finished; the loop goes on with it, before all that came meanwhile
 *   leave      - 1: the loop has finished an op
 *   shut       | SHUT, with its cause set before. Nobody is left when exactly SHUT remains
 * </pre>
 *
 * Every edge is one atomic step on the word, and so publishes what was done before it: an op's progress, what was handed
 * over. An owner that has to wait for the processor delays this direction and nothing else; nobody spins.
 */
final class Admission {

    /** The ticket of nobody: it is shut. */
    static final int REFUSED = -1;

    /** The ticket of an owner. */
    static final int OWNER = -2;

    private static final int SHUT = 1 << 30;
    private static final int OUTSIDE = 1 << 29;
    private static final int COUNT = OUTSIDE - 1;
    private static final VarHandle STATE = Atomics.field(MethodHandles.lookup(), "state", int.class);
    private static final VarHandle CAUSE = Atomics.field(MethodHandles.lookup(), "cause", IOException.class);

    private volatile int state;

    /** Why it is shut; the first cause stays (R8). */
    private volatile @Nullable IOException cause;

    /** Ops that other threads brought. */
    private final Arrivals arrivals = new Arrivals();

    /** The op of an owner that did not finish it; published by the step that takes OUTSIDE off. */
    private @Nullable IoOp handedOver;

    // ---- any thread

    /** Answers how many are in front, or {@link #REFUSED}. */
    int admit() {
        for (; ; ) {
            int now = state;
            if ((now & SHUT) != 0) {
                return REFUSED;
            }
            if (STATE.compareAndSet(this, now, now + 1)) {
                return now & COUNT;
            }
        }
    }

    /** As {@link #admit}, but answers {@link #OWNER} instead of 0. Off the loop only. */
    int own() {
        return STATE.compareAndSet(this, 0, 1 + OUTSIDE) ? OWNER : admit();
    }

    /** Brings an admitted op; the loop has to be told afterwards. */
    void arrive(IoOp op) {
        arrivals.offer(op);
    }

    /** The owner's op is finished; answers whether the loop has to look: somebody waits, or it is being closed. */
    boolean disown() {
        return (int) STATE.getAndAdd(this, -1 - OUTSIDE) != 1 + OUTSIDE;
    }

    /** The owner's op is not finished; the loop has to be told afterwards. */
    void handOver(IoOp op) {
        handedOver = op;
        STATE.getAndAdd(this, -OUTSIDE);
    }

    /** Admits nobody from now on. */
    void shut(IOException why) {
        CAUSE.compareAndSet(this, null, why);
        STATE.getAndBitwiseOr(this, SHUT);
    }

    boolean isShut() {
        return (state & SHUT) != 0;
    }

    /** Why it is shut; null while it is not. */
    @Nullable IOException cause() {
        return cause;
    }

    // ---- polling thread

    /** Another thread is at it. */
    boolean isOwnedOutside() {
        return (state & OUTSIDE) != 0;
    }

    /**
     * Hands what other threads brought to the loop's list: first what an owner left, then the arrivals. One still on its
     * way is followed by a signal of its own, and so is one that an owner is trying.
     *
     * <p>One look at the word decides. If something is inside and no owner is, none can come until the loop has finished
     * the last one: what was handed over was published by a step before, and nothing is being handed over now. With
     * nobody inside nothing is touched: an owner may come and go at that very moment.
     */
    void collect(Receiver list) {
        int now = state;
        if ((now & OUTSIDE) != 0 || (now & COUNT) == 0) {
            return;
        }
        IoOp begun = handedOver;
        if (begun != null) {
            handedOver = null;
            list.receive(begun, true);
        }
        for (IoOp op = arrivals.poll(); op != null; op = arrivals.poll()) {
            list.receive(op, false);
        }
    }

    /** The loop's list. */
    @FunctionalInterface
    interface Receiver {

        /** An op for the end of the list; {@code begun} if it was tried by an owner and found the socket full. */
        void receive(IoOp op, boolean begun);
    }

    void leave() {
        STATE.getAndAdd(this, -1);
    }

    /** How many are inside. */
    int count() {
        return state & COUNT;
    }

    /** Shut, and nobody inside. */
    boolean isSettled() {
        return state == SHUT;
    }
}
