package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The life of a queue, and how it ends.
 *
 * <pre>
 *   OPEN ---- close(), or the loop dies of an error ----> CLOSING ---- all keys closed ----> CLOSED
 * </pre>
 */
final class QueueLife {

    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    private final IoQueue queue;
    private final Demultiplexer demultiplexer;
    private final Inbox inbox;
    private final Loop loop;

    // ---- shared by all threads

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger openKeys = new AtomicInteger();
    private final List<Drain> drains = new CopyOnWriteArrayList<>();

    QueueLife(IoQueue queue, Demultiplexer demultiplexer, Inbox inbox, Loop loop) {
        this.queue = queue;
        this.demultiplexer = demultiplexer;
        this.inbox = inbox;
        this.loop = loop;
    }

    // ---- any thread

    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** Asked to close, and not there yet. */
    boolean isEnding() {
        return state.get() == State.CLOSING;
    }

    boolean isClosed() {
        return state.get() == State.CLOSED;
    }

    void close() {
        state.compareAndSet(State.OPEN, State.CLOSING);
    }

    boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return closed.await(timeout, unit);
    }

    int openKeys() {
        return openKeys.get();
    }

    void keyOpened() {
        openKeys.incrementAndGet();
    }

    void keyClosed() {
        openKeys.decrementAndGet();
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

    /** If closing was asked for: closes every key, then the demultiplexer. Only ops still on their way are waited for. */
    void finishClosing() throws IOException {
        if (!isEnding()) {
            return;
        }
        loop.closeKeys(CancelledException.INSTANCE);
        while (!loop.keys().isEmpty()) {
            loop.round(Long.MAX_VALUE);
            loop.closeKeys(CancelledException.INSTANCE);
        }
        end();
    }

    /** The loop cannot go on: no key is left waiting for it. */
    void die(Throwable cause) {
        close();
        IOException why = cause instanceof IOException e ? e : new IOException("the loop died: " + cause, cause);
        while (!isClosed()) { // each callback that throws ends one try, and comes no more
            try {
                loop.closeKeys(why);
                loop.settleKeys();
                end();
            } catch (Throwable e) {
                if (e != cause) {
                    cause.addSuppressed(e);
                }
            }
        }
        queue.config().errorHandler().onError(queue, null, cause);
    }

    private void end() {
        state.set(State.CLOSED);
        try {
            runRest();
        } finally {
            try {
                demultiplexer.close();
            } catch (IOException e) {
                loop.threw(null, e);
            }
            closed.countDown();
            drains.forEach(drain -> drain.ended(queue));
        }
    }

    /** After the end: runs what other threads were just handing in, so that it is not lost. */
    void runRest() {
        while (!inbox.isEmpty()) {
            loop.runInbox();
            loop.settleKeys();
        }
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
