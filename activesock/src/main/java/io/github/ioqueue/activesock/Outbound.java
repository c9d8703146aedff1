package io.github.ioqueue.activesock;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.Submission;
import io.github.ioqueue.TurnEnd;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of an active socket.
 *
 * <pre>
 *   send, on the loop, small    copied behind the open gather, a held write ---+
 *   send, on the loop, large    a write over the caller's bytes; what the      |   turn's end: all held writes
 *                               kernel leaves of them is copied                +-> go, the first takes the others
 *   send of an op, on the loop  small ones are held, too ----------------------+   along in one system call
 *   send, off the loop          copied or as it is, straight to the key, which may write it on this thread
 * </pre>
 *
 * Every send reserves its room in the budget first, and gives it back when the last of its bytes is written or it has
 * failed. Both {@code send} methods may be called from any thread, all else from the loop.
 */
final class Outbound implements TurnEnd {

    /** From this size on a system call of its own costs less than the copy. */
    static final int LARGE = 16 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final IoKey key;
    private final IoQueue queue;
    private final ActiveSocket socket;
    private final HandlerCalls calls;
    private final SendBudget budget;
    private final Deadlines deadlines;
    private final Runnable tellWritable;

    // ---- polling thread only

    /** Writes of this turn that have their place but are not tried. */
    private final ArrayList<WriteOp> held = new ArrayList<>();

    /** Ops of the user's that are written, and whose {@code onSent} waits for the end of the callback (R5). */
    private final ArrayDeque<WriteOp> written = new ArrayDeque<>(0);

    private boolean awaitsTurnEnd;

    private @Nullable Copy spare;

    /** Bytes of sends that were accepted and have failed. */
    private long unsentBytes;

    /** A write over bytes of ours. */
    private static final class Copy extends WriteOp {
        private @Nullable ByteBuffer pooled;
    }

    Outbound(IoKey key, ActiveSocket socket, HandlerCalls calls, SendBudget budget, Deadlines deadlines) {
        this.key = key;
        this.queue = key.queue();
        this.socket = socket;
        this.calls = calls;
        this.tellWritable = socket::writable;
        this.budget = budget;
        this.deadlines = deadlines;
    }

    // ---- sending a copy

    Sent send(ByteBuffer src) {
        int n = src.remaining();
        if (n == 0) {
            return isShut() ? Sent.CLOSED : Sent.TAKEN;
        }
        Sent room = reserve(n);
        if (room != Sent.TAKEN) {
            return room;
        }
        boolean taken = false;
        try {
            taken = queue.inLoop() ? (n < LARGE ? sendSmall(src) : sendLarge(src)) : sendFromOutside(src);
        } catch (OutOfMemoryError e) { // no room for the copy: it costs this socket, not the caller
            socket.abort(new CloseReason(CloseReason.Kind.FAILED, e));
        }
        if (!taken) {
            release(n);
        }
        return taken ? Sent.TAKEN : Sent.CLOSED;
    }

    private Sent reserve(int bytes) {
        boolean first = budget.isEmpty();
        Sent room = budget.reserve(bytes);
        if (first && room == Sent.TAKEN) {
            deadlines.queueBegins();
        }
        return room;
    }

    private boolean sendSmall(ByteBuffer src) {
        Copy gather = openGather(src.remaining());
        if (gather != null) {
            gather.buffer().put(src);
            budget.join();
            return true;
        }
        gather = takeSpare();
        gather.pooled = buffers().acquire(IoQueue.LENT_BYTES);
        gather.buffer(gather.pooled);
        if (!hold(gather)) {
            recycle(gather);
            return false;
        }
        gather.buffer().put(src);
        return true;
    }

    /** The gather of this turn, if there is one with so much room and nothing was sent behind it. */
    private @Nullable Copy openGather(int bytes) {
        return !held.isEmpty()
                        && held.get(held.size() - 1) instanceof Copy copy
                        && copy.buffer().remaining() >= bytes
                        && key.isLast(copy)
                ? copy
                : null;
    }

    private boolean sendLarge(ByteBuffer src) {
        Copy write = takeSpare();
        write.buffer(src);
        Submission answer = key.submit(write);
        if (answer == Submission.DONE) {
            boolean ok = write.failure() == null;
            if (ok) {
                finished(write);
            } else {
                failed(write);
                recycle(write);
            }
            return ok;
        }
        flush(); // what was gathered is in front of it: both go now, together
        if (src.hasRemaining()) {
            write.pooled = buffers().acquire(src.remaining());
            write.moveTo(write.pooled);
        } else {
            write.moveTo(NOTHING); // its completion is yet to come, and the buffer is the caller's again
        }
        return true;
    }

    private boolean sendFromOutside(ByteBuffer src) {
        int start = src.position();
        WriteOp write = new Copy();
        write.buffer(ByteBuffer.allocate(src.remaining()).put(src).flip());
        int n = write.buffer().remaining();
        if (key.submit(write) == Submission.PENDING) {
            return true;
        }
        if (write.failure() == null) {
            release(n);
            return true;
        }
        failed(write);
        src.position(start);
        return false;
    }

    // ---- sending an op

    Sending send(WriteOp op) {
        if (op.isPending()) {
            throw new IllegalStateException("R6: a pending op belongs to the library: " + op);
        }
        int n = op.buffer().remaining();
        Sent room = reserve(n);
        if (room != Sent.TAKEN) {
            return room == Sent.FULL ? Sending.FULL : Sending.CLOSED;
        }
        if (queue.inLoop() && n < LARGE && held.isEmpty()) {
            return hold(op) ? Sending.PENDING : refused(n);
        }
        if (key.submit(op) == Submission.PENDING) {
            if (n >= LARGE && queue.inLoop()) {
                flush();
            }
            return Sending.PENDING;
        }
        failed(op);
        release(n);
        return op.failure() == null ? Sending.DONE : Sending.CLOSED;
    }

    private Sending refused(int n) {
        release(n);
        return Sending.CLOSED;
    }

    // ---- the end of a turn

    private boolean hold(WriteOp op) {
        if (!key.hold(op)) {
            return false;
        }
        held.add(op);
        awaitTurnEnd();
        return true;
    }

    private void awaitTurnEnd() {
        if (!awaitsTurnEnd) {
            awaitsTurnEnd = true;
            queue.atTurnEnd(this);
        }
    }

    @Override
    public void turnEnded() {
        awaitsTurnEnd = false;
        try {
            flush();
            for (WriteOp op = written.poll(); op != null; op = written.poll()) {
                onWriteComplete(op);
            }
        } catch (Throwable e) {
            socket.broken(e);
            throw e;
        } finally {
            if (!written.isEmpty() || !held.isEmpty()) {
                awaitTurnEnd(); // onSent threw: the other ops have theirs all the same
            }
        }
    }

    /** Lets the held writes go, the last first: when the first goes, all behind it may go along. */
    private void flush() {
        while (!held.isEmpty()) {
            WriteOp op = held.remove(held.size() - 1);
            if (op instanceof Copy && op.isPending()) {
                op.buffer().flip();
            }
            if (key.release(op) == Submission.DONE) {
                if (op instanceof Copy) {
                    onWriteComplete(op);
                } else {
                    written.add(op);
                }
            } else if (op instanceof Copy copy) {
                shrink(copy);
            }
        }
    }

    /** A gather that could not go keeps no more room than it needs. */
    private void shrink(Copy gather) {
        ByteBuffer large = gather.pooled;
        int rest = gather.buffer().remaining();
        if (large != null && rest > 0 && rest <= large.capacity() / 2) {
            gather.pooled = buffers().acquire(rest);
            gather.moveTo(gather.pooled);
            buffers().release(large);
        }
    }

    // ---- completions

    void onWriteComplete(WriteOp op) {
        failed(op);
        finished(op);
        if (!(op instanceof Copy)) {
            calls.sent(op);
        }
    }

    private void failed(WriteOp op) {
        IOException failure = op.failure();
        if (failure == null) {
            return;
        }
        if (queue.inLoop()) {
            socket.failed(failure);
        } else {
            socket.later(() -> socket.failed(failure));
        }
    }

    private void finished(WriteOp op) {
        long bytes = op.count() + op.buffer().remaining();
        if (op.failure() != null) {
            unsentBytes += op.buffer().remaining();
        }
        if (op instanceof Copy copy) {
            recycle(copy);
        }
        release(bytes);
    }

    private void release(long bytes) {
        if (budget.release(bytes)) {
            socket.later(tellWritable);
        }
        if (!budget.isEmpty()) {
            return;
        }
        if (queue.inLoop()) {
            socket.advance();
        } else if (budget.isShut()) {
            socket.later(socket::advance); // a graceful close may wait for the last send to be written
        }
    }

    private Copy takeSpare() {
        Copy copy = spare != null ? spare : new Copy();
        spare = null;
        return copy;
    }

    private void recycle(Copy copy) {
        if (copy.pooled != null) {
            buffers().release(copy.pooled);
            copy.pooled = null;
        }
        copy.buffer(NOTHING);
        spare = copy;
    }

    private BufferPool buffers() {
        return queue.buffers();
    }

    /** From here on sends answer {@code CLOSED}; what was taken still goes. */
    void shut() {
        budget.shut();
    }

    boolean isShut() {
        return budget.isShut();
    }

    /** Returns true if no accepted byte is on its way, also none of a thread that is inside a send. */
    boolean isDelivered() {
        return budget.isEmpty();
    }

    long unsentBytes() {
        return unsentBytes;
    }

    long queuedBytes() {
        return budget.bytes();
    }

    @Override
    public String toString() {
        return budget.toString();
    }
}
