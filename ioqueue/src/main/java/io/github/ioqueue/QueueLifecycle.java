package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The states of a queue, and how it ends.
 *
 * <pre>
 *   OPEN ---- close(), or the loop fails ----> CLOSING ---- no member is left ----> CLOSED
 * </pre>
 *
 * Members are the keys and the {@link WorkGuard}s. State and number of members share one word, so that a member either
 * enters before the queue begins to close, and then gets its last callback from the polling thread, or cannot enter.
 */
final class QueueLifecycle {

    private static final long CLOSED = 1L << 62;
    private static final long CLOSING = 1L << 61;
    private static final long MEMBERS = CLOSING - 1;

    /** How often a failed loop tries to close its members, when what it calls keeps throwing. */
    private static final long MIN_PASSES = 100;

    private static final long PASSES_PER_MEMBER = 4;

    private final IoQueue queue;
    private final Demultiplexer demultiplexer;
    private final Inbox inbox;
    private final Loop loop;

    // ---- shared by all threads

    private final AtomicLong state = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger openKeys = new AtomicInteger();
    private final List<Drain> drains = new CopyOnWriteArrayList<>();

    // ---- polling thread only

    private final ArrayList<WorkGuard> guards = new ArrayList<>();

    QueueLifecycle(IoQueue queue, Demultiplexer demultiplexer, Inbox inbox, Loop loop) {
        this.queue = queue;
        this.demultiplexer = demultiplexer;
        this.inbox = inbox;
        this.loop = loop;
    }

    // ---- any thread

    boolean isOpen() {
        return state.get() < CLOSING;
    }

    /** Returns true between {@link #close} and the end. */
    boolean isClosing() {
        long now = state.get();
        return now >= CLOSING && now < CLOSED;
    }

    boolean isClosed() {
        return state.get() >= CLOSED;
    }

    void close() {
        state.getAndUpdate(now -> now | CLOSING);
    }

    boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return closed.await(timeout, unit);
    }

    int openKeys() {
        return openKeys.get();
    }

    /** Returns true if there are neither keys nor guards. */
    boolean isEmpty() {
        return members() == 0;
    }

    private long members() {
        return state.get() & MEMBERS;
    }

    /**
     * Adds a member: the queue is not closed before {@link #leave}.
     *
     * @param onLoop the caller is a callback on the polling thread: the end waits for it, so it may enter during the closing
     * @throws ClosedException if the queue is closed, or closing
     */
    void enter(boolean onLoop) throws ClosedException {
        long limit = onLoop ? CLOSED : CLOSING;
        if (state.getAndUpdate(now -> now < limit ? now + 1 : now) >= limit) {
            throw new ClosedException("the queue is closed");
        }
    }

    /** As {@link #enter}, for the key of a socket; if it throws, the socket is its owner's again. */
    void keyOpened(IoSocket socket) throws ClosedException {
        try {
            enter(false);
        } catch (ClosedException e) {
            socket.unclaim();
            throw e;
        }
        openKeys.incrementAndGet();
    }

    void keyClosed() {
        openKeys.decrementAndGet();
        leave();
    }

    void leave() {
        state.decrementAndGet();
        drains.forEach(Drain::look);
    }

    void add(Drain drain) {
        drains.add(drain);
        if (closed.getCount() == 0) {
            drain.ended(queue);
        }
    }

    boolean isDraining() {
        return !drains.isEmpty();
    }

    // ---- polling thread

    void add(WorkGuard guard) {
        guards.add(guard);
        if (!isOpen()) {
            loop.runCallback(guard::queueCloses);
        }
    }

    void remove(WorkGuard guard) {
        guards.remove(guard);
        leave();
    }

    private void closeGuards() {
        for (WorkGuard guard : List.copyOf(guards)) {
            loop.runCallback(guard::queueCloses);
        }
    }

    private void closeMembers(IOException cause) {
        loop.closeKeys(cause);
        closeGuards();
    }

    /** If closing was asked for: closes every member, then the demultiplexer. Waits only for threads inside a submit. */
    void finishClosing() throws IOException {
        if (!isClosing()) {
            return;
        }
        closeMembers(CancelledException.SHARED);
        while (!isEmpty()) {
            loop.iterate(Long.MAX_VALUE);
            closeMembers(CancelledException.SHARED);
        }
        end();
    }

    /** The loop cannot go on: closes every member without the demultiplexer, whatever their callbacks throw. */
    void die(Throwable cause) {
        close();
        IOException why = causeOf(cause);
        for (long passes = MIN_PASSES + PASSES_PER_MEMBER * members(); !isClosed() && passes > 0; passes--) {
            try { // what is thrown ends one pass; the callback it came from is not called again
                closeMembers(why);
                loop.runInbox();
                loop.settleKeys();
                if (isEmpty()) {
                    end();
                } else if (!loop.keys().hasDeferred()) {
                    inbox.park(); // a thread inside a submit posts when it is done
                    passes++;
                }
            } catch (Throwable e) {
                queue.errors().report(null, e);
            }
        }
        if (!isClosed()) {
            end(); // the heap is exhausted, perhaps: what is left of the keys cannot be closed
        }
        queue.errors().report(null, cause);
    }

    /** Allocates only where it must. */
    private static IOException causeOf(Throwable cause) {
        if (cause instanceof IOException e) {
            return e;
        }
        try {
            return new IOException("the loop failed: " + cause, cause);
        } catch (OutOfMemoryError e) {
            return CancelledException.SHARED;
        }
    }

    private void end() {
        state.getAndUpdate(now -> now | CLOSED);
        try {
            runLateTasks();
        } finally {
            try {
                demultiplexer.close();
            } catch (Throwable e) {
                queue.errors().report(null, e);
            }
            closed.countDown();
            drains.forEach(drain -> drain.ended(queue));
        }
    }

    /** After the end: runs the tasks that other threads handed in meanwhile, so that none is lost. */
    void runLateTasks() {
        while (!inbox.isEmpty()) {
            loop.runInbox();
        }
    }

    @Override
    public String toString() {
        return isClosed() ? "CLOSED" : isOpen() ? "OPEN" : "CLOSING";
    }
}
