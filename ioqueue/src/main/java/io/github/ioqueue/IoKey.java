package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A socket registered with a queue: ops are submitted to it, and its {@link IoHandler} hears of their completion. All
 * methods may be called from any thread unless they say otherwise (R11).
 *
 * <pre>
 *              submit(ConnectOp)           connected
 *   UNCONNECTED ---------------> CONNECTING ---------> OPEN      accepted sockets, listeners and datagram
 *        |                           |                  |        sockets start here
 *        | close()                   | failed, close()  | close()
 *        +---------------------------+------------------+------> CLOSING    pending ops fail, deferred
 *                                                                   |       all completions are made, and no
 *                                                                   |       thread is inside a submit
 *                                                                   v
 *                                                                CLOSED     socket closed or reset, onClosed
 *
 *   interest:  UNCONNECTED none - CONNECTING connect - OPEN what the halves wait for - CLOSING none
 * </pre>
 *
 * Interest is derived from stage and halves: a registered socket that is not connected would be reported ready for ever.
 */
public final class IoKey {

    enum Stage {
        UNCONNECTED,
        CONNECTING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private static final VarHandle STAGE = Atomics.field(MethodHandles.lookup(), "stage", Stage.class);

    private final IoQueue queue;
    private final long number;
    private final IoSocket socket;
    final SocketPort port;
    private final Callbacks callbacks;
    private final Half input;
    private final Half output;
    private final Submitter submitter;
    private final Runnable turn = this::turn;

    // ---- shared by all threads

    private volatile Stage stage;
    private final AtomicBoolean closeRequested = new AtomicBoolean();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile @Nullable Object attachment;

    // ---- polling thread only

    private final Interest interest = new Interest(this);
    final Burst burst;
    private boolean settled;
    private boolean drainTold;
    private @Nullable IOException failure;

    /** Its place in the queue's table, -1 outside. */
    int slot = -1;

    /** The key that closes behind this one; null if none does. */
    @Nullable IoKey nextClosing;

    IoKey(IoQueue queue, long number, IoSocket socket, Function<? super IoKey, ? extends IoHandler> handler) {
        this.queue = queue;
        this.number = number;
        this.socket = socket;
        this.port = socket.port();
        StreamPort stream = port instanceof StreamPort s ? s : null;
        this.burst = new Burst(queue);
        this.input = new Half(this, stream != null);
        this.output = new Half(this, stream != null);
        this.submitter = new Submitter(this, input, output);
        this.stage = stream != null && !stream.isConnected() ? Stage.UNCONNECTED : Stage.OPEN;
        this.callbacks = new Callbacks(this, handler.apply(this));
    }

    // ---- verbs, in the order of a key's life

    /** The queue it is registered with. */
    public IoQueue queue() {
        return queue;
    }

    /** Counts the keys of a queue from 0. */
    public long number() {
        return number;
    }

    /** The socket: for its options and addresses. */
    public IoSocket socket() {
        return socket;
    }

    /** What {@link #attachment(Object)} set. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Attaches any object. */
    public void attachment(@Nullable Object object) {
        attachment = object;
    }

    /**
     * Submits an op (R1). {@code DONE}: the outcome, success or failure, is in the op and no callback will come. {@code
     * PENDING}: exactly one completion will. Ops of one direction go in the order of their submission, whatever threads
     * submit (R3). Off the polling thread a write that nobody is in front of is tried at once, on the calling thread, and
     * never another's op; where it is not finished, the completion may run before this returns: set the op up first (R4).
     *
     * @throws IllegalArgumentException if the op does not fit this kind of socket, or lacks what it needs
     * @throws IllegalStateException if the op is pending (R6), the socket is not connecting or connected, or is so
     *     already
     */
    public Submission submit(IoOp op) {
        return submitter.submit(op);
    }

    /**
     * Gives a write its place in the order without trying it: until {@link #release} its buffer is still the caller's
     * to fill, and whatever is submitted later goes behind it. This is how many small sends become one system call.
     * Polling thread only.
     *
     * @return false if the key is closed or its output shut: the op has failed and is idle
     */
    public boolean hold(WriteOp op) {
        return submitter.hold(op);
    }

    /**
     * Lets a held write go, with the bytes its buffer holds now. The answer is that of {@link #submit}; together with
     * it go the writes queued behind it, in the same system call where possible. If the key was closed meanwhile the op
     * has its completion coming, and the answer is {@code PENDING}. Polling thread only.
     */
    public Submission release(WriteOp op) {
        return submitter.release(op);
    }

    /** Whether nothing was submitted behind a held write, so that what is added to it overtakes nothing. Polling thread. */
    public boolean isLast(WriteOp op) {
        return output.isLast(op);
    }

    /** Ends the outgoing stream behind all that was submitted before; writes submitted later fail. */
    public void shutdownOutput() {
        submit(new ShutdownOp());
    }

    /** Cancels an op: its completion comes, failed with {@link CancelledException}, unless its outcome comes first. */
    public void cancel(IoOp op) {
        cancel(op, CancelledException.SHARED);
    }

    /**
     * Cancels an op with a cause of the caller's. An op that is not pending here is left alone, and so is a stream
     * write of which bytes have left: only {@link #close} ends that (R8). A cancelled connect closes the key.
     */
    public void cancel(IoOp op, IOException cause) {
        int cycle = op.cycle();
        if (queue.inLoop()) {
            cancelNow(op, cycle, cause);
        } else {
            queue.post(() -> cancelNow(op, cycle, cause));
        }
    }

    /** Cancels in a round to come. */
    void cancelAgain(IoOp op, IOException cause) {
        int cycle = op.cycle();
        queue.post(() -> cancelNow(op, cycle, cause));
    }

    private void cancelNow(IoOp op, int cycle, IOException cause) {
        if (op.cycle() == cycle && op.isPending()) {
            submitter.half(op).cancel(op, cause);
            settle();
        }
    }

    /** Calls {@link IoHandler#onDrain}, once. {@link IoQueue#drain} does so for all keys of a queue. */
    public void drain() {
        queue.post(this::drainNow);
    }

    /**
     * Closes: every pending op completes as cancelled, then {@code onClosed} comes once and last (R8). The socket of a
     * stream is reset if a pending write was not wholly written; else the peer reads an end of the stream (R13). A
     * Unix-domain socket cannot be reset, see {@link StreamPort#resetOnClose}. Idempotent.
     */
    public void close() {
        closeRequested.set(true);
        if (queue.inLoop()) {
            closeNow(CancelledException.SHARED);
        } else {
            input.admission().shut(CancelledException.SHARED);
            output.admission().shut(CancelledException.SHARED);
            signal();
        }
    }

    /** When bytes last came, or the key was registered, by {@link IoQueue#roundNanos}. Polling thread only. */
    public long lastInput() {
        return input.lastProgress();
    }

    /** When the kernel last took bytes, or the key was connected or registered, likewise. Polling thread only. */
    public long lastOutput() {
        return output.lastProgress();
    }

    /** The failure that closes the key by itself; null if it was closed by a call, or is open. Polling thread only. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Whether it is closed or closing. */
    public boolean isClosed() {
        return closeRequested.get() || stage.compareTo(Stage.CLOSING) >= 0;
    }

    /** One sentence on what it is, what it is doing and what it waits for. */
    public String explain() {
        return "key " + number + " (" + socket + ") is " + stage + "; input: " + input + "; output: " + output;
    }

    @Override
    public String toString() {
        return explain();
    }

    // ---- for submitting

    void requireStageFor(IoOp op) {
        Stage now = stage;
        if (op instanceof ConnectOp ? now == Stage.CONNECTING || now == Stage.OPEN : now == Stage.UNCONNECTED) {
            throw new IllegalStateException("R1: " + op.getClass().getSimpleName() + " on a socket that is " + now);
        }
    }

    void connecting(ConnectOp op) {
        socket.connecting(op.remote());
        STAGE.compareAndSet(this, Stage.UNCONNECTED, Stage.CONNECTING);
    }

    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    Submitter submitter() {
        return submitter;
    }

    // ---- the polling thread's work

    /** Asks for a turn of this key. Any thread; once until the turn begins. */
    void signal() {
        if (!signalled.getAndSet(true)) {
            queue.post(turn);
        }
    }

    private void turn() {
        signalled.set(false); // before looking: what comes from now on signals again
        if (stage == Stage.CLOSED) {
            return;
        }
        queue.loop().keys().add(this);
        if (queue.lifecycle().isDraining()) {
            drainNow();
        }
        if (closeRequested.get() || queue.isClosing()) {
            closeNow(CancelledException.SHARED);
        }
        input.collect();
        output.collect();
        output.run();
        input.run();
        settle();
    }

    /** The demultiplexer found the socket ready. Output first: a connect finishes before its data is read. */
    void dispatch(int bits) {
        if ((bits & (Demultiplexer.CONNECT | Demultiplexer.WRITE)) != 0) {
            output.ready();
        }
        if ((bits & (Demultiplexer.READ | Demultiplexer.ACCEPT)) != 0) {
            input.ready();
        }
        settle();
    }

    /** After any change: decides who has to look at this key next. */
    void settle() {
        if (stage == Stage.CLOSING) {
            if (!settled && input.isSettled() && output.isSettled()) {
                settled = true;
                queue.loop().keys().closing(this);
            }
        } else if (output.wantsTurn() || input.wantsTurn()) {
            signal();
        }
        if (interest.mustNote(stage, input, output)) {
            queue.loop().keys().dirty(this);
        }
    }

    /** Phase 1: makes the demultiplexer's interest what it should be. */
    void reconcile(Demultiplexer demultiplexer) {
        try {
            interest.reconcile(demultiplexer, stage, input, output);
        } catch (Throwable e) {
            closeNow(Half.told(e));
        }
    }

    // ---- outcomes and callbacks

    /** The outcome of an op is known; its callback, if any, comes now or later. */
    void outcome(IoOp op, boolean inline) {
        queue.probe().completed(this, op, inline);
        IOException failure = op.failure();
        if (failure != null && (op instanceof ConnectOp || op instanceof ShutdownOp)) {
            closeNow(failure);
        } else if (op instanceof ConnectOp) {
            STAGE.compareAndSet(this, Stage.CONNECTING, Stage.OPEN);
        }
    }

    void complete(IoOp op) {
        outcome(op, false);
        callbacks.complete(op);
    }

    /** Completes later, in phase 6: for what is found out inside a submit, cancel or close (R5). */
    void defer(IoOp op) {
        // Noted before its outcome is acted on: a failed connect fails what stands behind it, to be told after it (R3).
        queue.loop().keys().defer(this, op);
        outcome(op, false);
    }

    void deliver(IoOp op) {
        submitter.half(op).paid();
        callbacks.complete(op);
    }

    // ---- closing

    void drainNow() {
        if (!drainTold && stage.compareTo(Stage.CLOSING) < 0) {
            drainTold = true;
            callbacks.drain();
        }
    }

    void closeNow(IOException cause) {
        if (stage.compareTo(Stage.CLOSING) >= 0) {
            return;
        }
        stage = Stage.CLOSING;
        failure = cause instanceof CancelledException ? null : cause;
        input.close(cause);
        output.close(cause);
        settle();
    }

    /** Phase 7: closes the socket, then calls {@code onClosed}. */
    void closed() {
        stage = Stage.CLOSED;
        try {
            closePort();
            queue.loop().keys().remove(this);
            queue.probe().closed(this);
            callbacks.closed();
        } finally {
            queue.lifecycle().keyClosed();
        }
    }

    /** R13: a peer that cannot get all accepted bytes must not read an end of the stream. */
    private void closePort() {
        if (output.isCutShort()) {
            socket.resetOnClose();
        }
        queue.errors().contain(this, socket::keepAddresses);
        queue.errors().contain(this, interest::cancel);
        queue.errors().contain(this, port::close);
    }
}
