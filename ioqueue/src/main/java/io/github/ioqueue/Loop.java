package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ReadyList;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What belongs to the polling thread of a queue: its rounds and all that they work on. Only the thread in the poller's
 * role comes here; taking over that role is the memory order from one thread to the next.
 */
final class Loop {

    private final IoQueue queue;
    private final Demultiplexer demultiplexer;
    private final Inbox inbox;

    private final Keys keys = new Keys();
    private final Timers timers = new Timers();
    private final TurnEnds turnEnds = new TurnEnds();
    private final BufferPool buffers;
    private final Gathering gathering = new Gathering();
    private final ReadyList ready = new ReadyList();
    private final EarlyWaits earlyWaits = new EarlyWaits();
    private final ByteBuffer lent = ByteBuffer.allocateDirect(IoQueue.LENT_BYTES);
    private long round;
    private long now;
    private int turns;
    private boolean interrupted;
    private boolean interruptTold;
    private boolean interruptEndsWait;

    Loop(IoQueue queue, Demultiplexer demultiplexer, Inbox inbox) {
        this.queue = queue;
        this.demultiplexer = demultiplexer;
        this.inbox = inbox;
        this.now = queue.now();
        this.buffers = new BufferPool(queue.config().pooledBytes());
    }

    /**
     * Begins the polling thread's stay. An interrupt that is set would keep every wait from waiting: it is taken off, and
     * given back by {@link #exit}. Each ends one wait early, once.
     */
    void enter() {
        turns = 0;
        interrupted = Thread.interrupted();
        interruptEndsWait = interrupted && !interruptTold;
    }

    /** Ends it. */
    void exit() {
        interruptTold = interrupted;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round, in its numbered phases. The wait comes early: what ends it, a timer or a task too, runs in this round. */
    void iterate(long timeoutNanos) throws IOException {
        round++;
        keys.reconcile(demultiplexer); // 1
        await(timeoutNanos); // 2
        dispatchReady(); // 3
        runDueTimers(); // 4
        runInbox(); // 5
        keys.completeDeferred(); // 6
        keys.closeSettled(); // 7
    }

    /** Those that were armed when it began: one that arms itself for now waits for the next round. */
    private void runDueTimers() {
        long mark = timers.arms();
        for (IoTimer timer = timers.pollDue(now, mark); timer != null; timer = timers.pollDue(now, mark)) {
            runCallback(timer.task());
        }
    }

    void runInbox() {
        for (int n = inbox.size(); n > 0; n--) {
            Runnable task = inbox.poll();
            if (task == null) {
                return;
            }
            runCallback(task);
        }
    }

    /** Runs a piece of user code that belongs to no key. */
    void runCallback(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            queue.errors().report(null, e);
        } finally {
            endTurn();
        }
    }

    private void await(long timeoutNanos) throws IOException {
        boolean mayWait = inbox.fallAsleep() && !keys.hasDeferred() && !interruptEndsWait;
        long start = queue.now();
        long limit = mayWait ? Math.min(timeoutNanos, timers.nanosToNext(start)) : 0;
        boolean woken = false;
        try {
            demultiplexer.wait(ready, limit);
        } finally {
            woken = inbox.awake();
        }
        interruptEndsWait = false;
        boolean interruptedNow = Thread.interrupted();
        interrupted |= interruptedNow;
        now = queue.now();
        WaitEnd why = waitEnd(start, limit, woken, interruptedNow);
        earlyWaits.note(queue, why);
        queue.probe().polled(queue, why, ready.size());
    }

    private WaitEnd waitEnd(long start, long limit, boolean woken, boolean interruptedNow) {
        if (ready.size() > 0) {
            return WaitEnd.READY;
        } else if (limit == 0) {
            return WaitEnd.LOOKED;
        } else if (woken) {
            return WaitEnd.WOKEN;
        } else if (interruptedNow) {
            return WaitEnd.INTERRUPTED;
        }
        return now - start < limit ? WaitEnd.EARLY : WaitEnd.TIMEOUT;
    }

    private void dispatchReady() {
        for (int i = 0; i < ready.size(); i++) {
            ((IoKey) ready.attachment(i)).dispatch(ready.bits(i));
        }
        ready.clear();
    }

    /** Called behind every piece of user code that ran. */
    void endTurn() {
        turns++;
        while (!turnEnds.isEmpty()) {
            try {
                turnEnds.next().turnEnded();
            } catch (Throwable e) {
                queue.errors().report(null, e);
            }
        }
    }

    /** Starts the closing of every key there is. */
    void closeKeys(IOException cause) {
        keys.closeAll(cause);
    }

    /** Ends what can be ended without the demultiplexer. */
    void settleKeys() {
        while (keys.hasDeferred()) {
            keys.completeDeferred();
            keys.closeSettled();
        }
    }

    String dump() {
        StringBuilder text = new StringBuilder("iteration " + round + ", inbox " + inbox.size());
        keys.copy().forEach(key -> text.append('\n').append(key.explain()));
        return text.toString();
    }

    /** How many turns ran in this stay. */
    int turns() {
        return turns;
    }

    /** The clock when this round's wait had ended. */
    long now() {
        return now;
    }

    long round() {
        return round;
    }

    Keys keys() {
        return keys;
    }

    Timers timers() {
        return timers;
    }

    TurnEnds turnEnds() {
        return turnEnds;
    }

    BufferPool buffers() {
        return buffers;
    }

    Gathering gathering() {
        return gathering;
    }

    ByteBuffer lent() {
        return lent;
    }
}
