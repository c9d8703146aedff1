package io.github.ioqueue;

import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a key: the ops admitted to it, in order, and the system calls that finish them.
 *
 * <pre>
 *   any thread     admit: count + 1, refused once SHUT ---- the ticket: the order of tickets is the order of ops (R3)
 *                    |
 *        polling thread?  no --> arrivals (MPSC), signal the key
 *                    | yes                       | collect, in the key's turn
 *        count was 0 and fast track?             v
 *           yes: try at once            ops: o -> o -> o     the first is under way, its progress its own
 *           no:  append -------------------------^ |
 *                                                  | run: try the first while it finishes; count - 1 each
 *                                                  v
 *                                     the completion, direct or deferred
 * </pre>
 *
 * Who is admitted when the count is 0 has nothing before it, in the list or on its way to it: that is why an op may go
 * at once without overtaking. Shutting is a bit beside the count, so no op slips in behind it, and the key knows that
 * nobody is left when count is 0 and the bit is set. The polling thread alone makes system calls here.
 */
final class Half {

    /** {@link #admit}'s answer when the half is shut. */
    static final int REFUSED = -1;

    private static final int SHUT = 1 << 30;
    private static final VarHandle STATE = Atomics.field(MethodHandles.lookup(), "state", int.class);
    private static final VarHandle CAUSE = Atomics.field(MethodHandles.lookup(), "cause", IOException.class);

    private final IoKey key;
    private final boolean failureShuts;

    // ---- shared by all threads

    /** Ops admitted and not finished, and {@link #SHUT}. */
    private volatile int state;

    /** Why it is shut; the first cause stays (R8). */
    private volatile @Nullable IOException cause;

    /** Ops of other threads. */
    private final Arrivals arrivals = new Arrivals();

    // ---- polling thread only

    private final OpList ops = new OpList();

    /** The first op must wait until the socket is ready; meaningless when there is none. */
    private boolean blocked;

    /** Completions of this half deferred and not delivered: nothing may overtake them. */
    private int owed;

    /**
     * Creates a half.
     *
     * @param failureShuts whether nothing can follow a failed op, as on a stream; a listener or a datagram socket goes on
     */
    Half(IoKey key, boolean failureShuts) {
        this.key = key;
        this.failureShuts = failureShuts;
    }

    // ---- any thread

    /** Takes a place in the order: answers how many are before it, or {@link #REFUSED}. */
    int admit() {
        for (; ; ) {
            int now = state;
            if ((now & SHUT) != 0) {
                return REFUSED;
            }
            if (STATE.compareAndSet(this, now, now + 1)) {
                return now;
            }
        }
    }

    /** Brings an admitted op from another thread. The caller signals the key afterwards. */
    void arrive(IoOp op) {
        arrivals.offer(op);
    }

    /** Admits nothing from now on. What is pending is failed by {@link #failRest}. */
    void shut(IOException why) {
        CAUSE.compareAndSet(this, null, why);
        STATE.getAndBitwiseOr(this, SHUT);
    }

    /** The cause for an op that came too late. */
    IOException refusal() {
        IOException why = cause;
        return why == null || why == CancelledException.INSTANCE ? new ClosedException("key is closed") : why;
    }

    // ---- polling thread

    /** Shut, and nobody inside nor owed a completion. */
    boolean isSettled() {
        return state == SHUT && owed == 0;
    }

    /** The first op waits for the socket to be ready. */
    boolean wantsReadiness() {
        return blocked && isRunnable();
    }

    /** The first op can be tried without waiting. */
    boolean wantsTurn() {
        return !blocked && owed == 0 && isRunnable();
    }

    private boolean isRunnable() {
        IoOp first = ops.first();
        return first != null && !isHeld(first);
    }

    private static boolean isHeld(IoOp op) {
        return op instanceof WriteOp write && write.isHeld();
    }

    /** Moves what other threads brought into the list. An op still on its way is followed by a signal of its own. */
    void collect() {
        for (IoOp op = arrivals.poll(); op != null; op = arrivals.poll()) {
            list(op, key.goesInline(op));
        }
    }

    /**
     * Queues an op admitted on the polling thread, behind the {@code before} that were admitted before it. What other
     * threads have had admitted since, while it was tried perhaps, goes behind it.
     */
    void append(IoOp op, int before) {
        boolean othersOnTheirWay = before != ops.size();
        if (othersOnTheirWay) {
            arrive(op);
            key.signal();
        } else {
            list(op, false);
        }
    }

    private void list(IoOp op, boolean inline) {
        if (ops.isEmpty()) {
            blocked = !inline && op.awaitsReadiness();
        }
        op.half = this;
        ops.add(op);
        if ((state & SHUT) != 0) {
            failRest();
        }
    }

    /** Whether the op is in the list, and nothing is behind it or on its way there. */
    boolean isLast(IoOp op) {
        return ops.last() == op && (state & ~SHUT) == ops.size();
    }

    /** Tries an op that has nothing before it; if it finishes, it has left and its outcome stands in it. */
    boolean tryNow(IoOp op) {
        key.burst.spend();
        if (!attempt(op)) {
            return false;
        }
        leave();
        return true;
    }

    /**
     * Tries an op that was held, together with what has queued behind it, if it is the first.
     *
     * @param inline whether it may go at once; if not it waits until the socket is ready
     * @return true if it has finished and left; of the others finished with it the completions are deferred
     */
    boolean tryHeld(WriteOp op, boolean inline) {
        if (ops.first() != op) {
            return false;
        }
        blocked = !inline;
        if (!inline || owed > 0 || !step(op)) {
            return false;
        }
        take();
        while (ops.first() instanceof WriteOp taken && Gathering.hasTaken(taken)) {
            defer(take());
        }
        failRest();
        return true;
    }

    /** The socket was reported ready. */
    void ready() {
        blocked = false;
        run();
    }

    /** Finishes op after op while they finish at once, each with its completion. */
    void run() {
        while (wantsTurn()) {
            IoOp op = ops.first();
            if (op == null || !step(op)) {
                return;
            }
            take();
            boolean goOn = op.failure() != null || op.mayHaveMore();
            key.complete(op);
            blocked = !goOn;
            failRest();
        }
    }

    /** One try of the first op, within the burst. */
    private boolean step(IoOp op) {
        if (Gathering.hasTaken(op)) {
            return true;
        }
        if (!key.burst.spend()) {
            return false;
        }
        boolean finished = attempt(op);
        blocked = !finished;
        return finished;
    }

    private boolean attempt(IoOp op) {
        boolean finished;
        try {
            finished = Gathering.canTake(op, key.port)
                    ? key.queue().loop().gathering().attempt((WriteOp) op, (StreamPort) key.port)
                    : op.attempt(key.port, key.queue().loop().lent());
        } catch (IOException | RuntimeException e) {
            finished = failed(op, told(e));
        }
        IOException end = finished ? op.endOfHalf() : null;
        if (end != null) {
            shut(end);
        }
        key.queue().probe().attempted(key, op, finished);
        return finished;
    }

    /** What a backend threw as a cause for ops: it may break its contract, but not the loop. */
    static IOException told(Exception e) {
        return e instanceof IOException io ? io : new IOException("backend failed: " + e, e);
    }

    private boolean failed(IoOp op, IOException why) {
        op.fail(why);
        if (failureShuts) {
            shut(why);
        }
        return true;
    }

    /** Takes an op back (R8). An op that is not here, or past taking back, goes its way. */
    void cancel(IoOp op, IOException why) {
        collect();
        if (op.half != this || !op.isRevocable()) {
            return;
        }
        ops.remove(op);
        op.half = null;
        leave();
        op.fail(why);
        defer(op);
    }

    /** When shut, fails all that is in the list with the cause of the shutting, but for what is written already. */
    void failRest() {
        IOException why = (state & SHUT) == 0 ? null : cause;
        while (why != null && !ops.isEmpty()) {
            IoOp op = take();
            if (!Gathering.hasTaken(op)) {
                op.fail(why);
            }
            defer(op);
        }
    }

    /** Takes the first op out; it is finished or will be failed. */
    private IoOp take() {
        IoOp op = Objects.requireNonNull(ops.poll());
        op.half = null;
        leave();
        return op;
    }

    private void defer(IoOp op) {
        owed++;
        key.defer(op);
    }

    /** A deferred completion is being delivered. */
    void paid() {
        owed--;
    }

    /** Whether a completion must be deferred, not to overtake one that is. */
    boolean isOwing() {
        return owed > 0;
    }

    private void leave() {
        STATE.getAndAdd(this, -1);
    }

    /** The first op, if it is a connect that the system was asked for. */
    boolean isConnecting() {
        return ops.first() instanceof ConnectOp connect && connect.isStarted();
    }

    @Override
    public String toString() {
        int now = state;
        return (now & ~SHUT) + " pending" + (blocked && !ops.isEmpty() ? ", waiting for the socket" : "")
                + ((now & SHUT) != 0 ? ", shut: " + cause : "");
    }
}
