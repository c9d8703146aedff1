package io.github.ioqueue.ssl;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.LayeredWrite;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.SendBudget;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Plaintext that was accepted for sending and is not encrypted, in the order of the sends.
 *
 * <pre>
 *   send, on the loop, small    copied behind what waits last, up to one record
 *   send, on the loop, large    encrypted at once as far as possible; the rest is copied
 *   send of an op               as it is
 *   send, off the loop          copied or as it is, into the arrivals; the loop takes them first
 * </pre>
 *
 * An arrival that was offered before a send on the loop began is in front of it: the arrivals' queue shows every offer
 * that has returned. {@code send} may be called from any thread, all else from the polling thread.
 */
final class PlaintextQueue {

    /** From here on a send is worth a system call of its own; and no more than this is gathered. */
    private static final int LARGE = 16 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TlsConnection connection;
    private final IoQueue queue;
    private final SendBudget budget;
    private final boolean heap;
    private final ConcurrentLinkedQueue<WriteOp> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final ArrayDeque<WriteOp> waiting = new ArrayDeque<>();
    private @Nullable Copy spare;

    /** Bytes of ours. */
    private static final class Copy extends WriteOp {
        private @Nullable ByteBuffer pooled;
    }

    PlaintextQueue(TlsConnection connection, SendBudget budget, boolean heap) {
        this.connection = connection;
        this.queue = connection.queue();
        this.budget = budget;
        this.heap = heap;
    }

    // ---- any thread

    Sent send(ByteBuffer src) {
        int n = src.remaining();
        if (n == 0) {
            return budget.isShut() ? Sent.CLOSED : Sent.TAKEN;
        }
        Sent answer = budget.reserve(n);
        if (answer == Sent.TAKEN) {
            try {
                accept(src, n);
            } catch (OutOfMemoryError e) { // no room for the copy: it costs this socket, not the caller
                budget.release(n);
                connection.later(() -> connection.broken(e));
                return Sent.CLOSED;
            }
        }
        return answer;
    }

    private void accept(ByteBuffer src, int n) {
        if (!queue.inLoop()) {
            Copy copy = new Copy();
            copy.buffer(ByteBuffer.allocate(n).put(src).flip());
            LayeredWrite.begin(copy);
            arrive(copy);
        } else if (n < LARGE) {
            sendSmall(src);
        } else {
            sendLarge(src);
        }
    }

    Sending send(WriteOp op) {
        if (op.isPending()) {
            throw new IllegalStateException("R6: a pending op belongs to the library: " + op);
        }
        int n = op.buffer().remaining();
        Sent answer = budget.reserve(n);
        if (answer != Sent.TAKEN) {
            return answer == Sent.FULL ? Sending.FULL : Sending.CLOSED;
        }
        try {
            LayeredWrite.begin(op);
        } catch (IllegalStateException e) {
            budget.release(n);
            throw e;
        }
        if (!queue.inLoop()) {
            arrive(op);
            return Sending.PENDING;
        }
        takeArrivals();
        waiting.add(op);
        if (n >= LARGE && connection.outbound().sendNow(op)) {
            LayeredWrite.end(op);
            return Sending.DONE;
        }
        connection.outbound().wake();
        return Sending.PENDING;
    }

    private void arrive(WriteOp op) {
        arrivals.add(op);
        if (signalled.compareAndSet(false, true)) {
            queue.post(this::arrived);
        }
    }

    // ---- polling thread

    private void arrived() {
        signalled.set(false); // before looking: who offers after the look signals again
        takeArrivals();
        connection.outbound().wake();
        connection.inbound().arrived();
    }

    /** Takes in what came from other threads. */
    void takeArrivals() {
        for (WriteOp op = arrivals.poll(); op != null; op = arrivals.poll()) {
            waiting.add(op);
        }
    }

    private void sendSmall(ByteBuffer src) {
        takeArrivals();
        int n = src.remaining();
        if (waiting.peekLast() instanceof Copy last
                && last.pooled != null
                && last.pooled.remaining() + n <= Math.min(LARGE, last.pooled.capacity())) {
            append(last.pooled, src);
            budget.join();
        } else {
            Copy copy = takeSpare();
            copy.pooled = acquire(LARGE);
            copy.buffer(copy.pooled.put(src).flip());
            LayeredWrite.begin(copy);
            waiting.add(copy);
        }
        connection.outbound().wake();
    }

    /** Puts bytes behind those that are there to be read. */
    private static void append(ByteBuffer to, ByteBuffer src) {
        int n = src.remaining();
        if (to.capacity() - to.limit() < n) {
            to.compact().flip();
        }
        int end = to.limit();
        to.limit(end + n).put(end, src, src.position(), n);
        src.position(src.limit());
    }

    private void sendLarge(ByteBuffer src) {
        takeArrivals();
        Copy copy = takeSpare();
        copy.buffer(src);
        LayeredWrite.begin(copy);
        waiting.add(copy);
        connection.outbound().sendNow();
        if (copy.isPending()) { // else it has its outcome, and let go of the caller's buffer
            ByteBuffer rest = NOTHING;
            if (src.hasRemaining()) {
                rest = acquire(src.remaining());
                copy.pooled = rest;
            }
            copy.moveTo(rest);
        }
        src.position(src.limit());
        connection.outbound().wake();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many sends wait. */
    int size() {
        return waiting.size();
    }

    WriteOp first() {
        return Objects.requireNonNull(waiting.peek());
    }

    WriteOp remove() {
        return waiting.remove();
    }

    long bytes() {
        return waiting.stream().mapToLong(op -> op.buffer().remaining()).sum();
    }

    // ---- copies

    private Copy takeSpare() {
        Copy copy = spare != null ? spare : new Copy();
        spare = null;
        return copy;
    }

    /** The op has its outcome: takes it back if it is a copy of ours. */
    boolean recycle(WriteOp op) {
        if (!(op instanceof Copy copy)) {
            return false;
        }
        LayeredWrite.end(copy);
        copy.buffer(NOTHING);
        if (copy.pooled != null) {
            queue.buffers().release(copy.pooled);
            copy.pooled = null;
        }
        spare = copy;
        return true;
    }

    private ByteBuffer acquire(int bytes) {
        BufferPool pool = queue.buffers();
        return heap ? pool.acquireHeap(bytes) : pool.acquire(bytes);
    }
}
