package io.github.ioqueue;

import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One direction of a key: the ops admitted to it, in order, and the system calls that finish them.
 *
 * <pre>
 *   {@link Submitter}: a ticket of {@link Admission}, then
 *        tried at once ----------------------------------------------------------+
 *        arrivals, what was handed over ---- collect ----+                       |
 *        append -----------------------------------------+                       |
 *                                                        v                       |
 *                                           ops: o -&gt; o -&gt; o  the first is       |
 *                                                        |    under way          |
 *                                                        v                       v
 *                                run: try the first while it finishes    its outcome, direct or deferred
 * </pre>
 *
 * The polling thread makes the system calls here, but for the one try of a thread that owns the direction: see {@link
 * Admission}.
 */
final class Half {

    private static final ByteBuffer NOTHING_LENT = ByteBuffer.allocate(0);

    private static final VarHandle LAST_PROGRESS = Atomics.field(MethodHandles.lookup(), "lastProgress", long.class);

    private final IoKey key;
    private final boolean failureShuts;
    private final Admission admission = new Admission();
    private final Admission.Receiver arriving = this::arrived;

    /** When an op was finished or bytes of one were taken; written by whoever owns this half. */
    @SuppressWarnings("unused") // through its handle
    private long lastProgress;

    // ---- polling thread only

    private final OpList ops = new OpList();

    /** The first op must wait until the socket is ready; meaningless when there is none. */
    private boolean blocked;

    /** Completions of this half deferred and not delivered: nothing may overtake them. */
    private int owed;

    /** The end of the outgoing stream was written: writes behind it were never part of the stream. */
    private boolean ended;

    /**
     * A write ended before all its bytes were written: the peer's stream is not whole. Set by the owner of this half;
     * read when nobody is inside.
     */
    private boolean cutShort;

    /**
     * Creates a half.
     *
     * @param failureShuts whether nothing can follow a failed op, as on a stream; a listener or a datagram socket goes on
     */
    Half(IoKey key, boolean failureShuts) {
        this.key = key;
        this.failureShuts = failureShuts;
        this.lastProgress = key.queue().now();
    }

    /** What it agrees on with other threads. */
    Admission admission() {
        return admission;
    }

    /**
     * The one try of a thread that owns this half; answers whether the op is finished. Whatever is thrown is the op's
     * failure, errors too: they are no reason for the loop to die, nor for the half to stay owned.
     */
    boolean attemptOutside(IoOp op) {
        long before = op.progress();
        boolean finished;
        try {
            finished = op.attempt(key.port, NOTHING_LENT);
        } catch (Throwable e) {
            finished = failed(op, told(e));
        }
        if (finished || op.progress() != before) {
            LAST_PROGRESS.setOpaque(this, key.queue().now());
        }
        key.queue().probe().attempted(key, op, finished);
        return finished;
    }

    // ---- polling thread

    long lastProgress() {
        return (long) LAST_PROGRESS.getOpaque(this);
    }

    private void progressed() {
        LAST_PROGRESS.setOpaque(this, key.queue().roundNanos());
    }

    /** Shut, and nobody inside nor owed a completion. */
    boolean isSettled() {
        return admission.isSettled() && owed == 0;
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

    /** Moves what other threads brought into the list. */
    void collect() {
        admission.collect(arriving);
    }

    /**
     * Queues an op admitted on the polling thread, behind the {@code before} that were admitted before it. What other
     * threads have had admitted since, while it was tried perhaps, goes behind it.
     */
    void append(IoOp op, int before) {
        boolean othersOnTheirWay = before != ops.size();
        if (othersOnTheirWay) {
            admission.arrive(op);
            key.signal();
        } else {
            list(op, false);
        }
    }

    private void arrived(IoOp op, boolean begun) {
        list(op, !begun && key.submitter().goesInline(op));
    }

    private void list(IoOp op, boolean inline) {
        if (ops.isEmpty()) {
            blocked = !inline && op.awaitsReadiness();
        }
        op.half = this;
        ops.add(op);
        if (admission.isShut()) {
            failRest();
        }
    }

    /** Whether the op is in the list, and nothing is behind it or on its way there. */
    boolean isLast(IoOp op) {
        return ops.last() == op && admission.count() == ops.size();
    }

    /** Tries an op that has nothing before it; if it finishes, it has left and its outcome stands in it. */
    boolean tryNow(IoOp op) {
        key.burst.spend();
        if (!attempt(op)) {
            return false;
        }
        admission.leave();
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
        long before = op.progress();
        boolean finished;
        try {
            finished = Gathering.canTake(op, key.port)
                    ? key.queue().loop().gathering().attempt((WriteOp) op, (StreamPort) key.port)
                    : op.attempt(key.port, key.queue().loop().lent());
        } catch (Throwable e) {
            finished = failed(op, told(e));
        }
        if (finished || op.progress() != before) {
            progressed();
        }
        IOException end = finished ? op.endOfHalf() : null;
        if (end != null) {
            ended |= op.failure() == null;
            admission.shut(end);
        }
        key.queue().probe().attempted(key, op, finished);
        return finished;
    }

    /** What a backend threw as a cause for ops: it may break its contract, but not the loop. */
    static IOException told(Throwable e) {
        return e instanceof IOException io ? io : new IOException("backend failed: " + e, e);
    }

    private boolean failed(IoOp op, IOException why) {
        fail(op, why);
        if (failureShuts) {
            admission.shut(why);
        }
        return true;
    }

    private void fail(IoOp op, IOException why) {
        op.fail(why);
        cutShort |= !ended && op instanceof WriteOp write && (write.isHeld() || !write.isWritten());
    }

    /** Returns true if a write was admitted before the end of the stream, and not all its bytes were written. */
    boolean isCutShort() {
        return cutShort;
    }

    /** Takes an op back (R8). An op that is not here, or past taking back, goes its way. */
    void cancel(IoOp op, IOException why) {
        collect();
        if (admission.isOwnedOutside()) {
            key.cancelAgain(op, why); // it may be the op that is being tried: known when that is over
            return;
        }
        if (op.half != this || !op.isRevocable()) {
            return;
        }
        ops.remove(op);
        op.half = null;
        admission.leave();
        op.fail(why);
        defer(op);
    }

    /** Admits nothing more, and fails all that is here. */
    void close(IOException cause) {
        admission.shut(cause);
        collect();
        failRest();
    }

    /** When shut, fails all that is in the list with the cause of the shutting, but for what is written already. */
    void failRest() {
        IOException why = admission.isShut() ? admission.cause() : null;
        while (why != null && !ops.isEmpty()) {
            IoOp op = take();
            if (!Gathering.hasTaken(op)) {
                fail(op, why);
            }
            defer(op);
        }
    }

    /** Takes the first op out; it is finished or will be failed. */
    private IoOp take() {
        IoOp op = Objects.requireNonNull(ops.poll());
        op.half = null;
        admission.leave();
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

    /** The first op, if it is a connect that the system was asked for. */
    boolean isConnecting() {
        return ops.first() instanceof ConnectOp connect && connect.isStarted();
    }

    @Override
    public String toString() {
        return admission.count() + " pending" + (blocked && !ops.isEmpty() ? ", waiting for the socket" : "")
                + (admission.isOwnedOutside() ? ", another thread is writing" : "")
                + (admission.isShut() ? ", shut: " + admission.cause() : "");
    }
}
