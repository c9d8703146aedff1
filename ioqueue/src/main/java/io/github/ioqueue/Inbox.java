package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want done on the polling thread, and the wake-up that makes it look.
 *
 * <pre>
 *   producer                                poller
 *     offer the task                          sleeping := true
 *     if sleeping was true,                   look: anything there?  yes: do not wait
 *        set it to false: wake up             wait ...
 *                                             sleeping := false
 * </pre>
 *
 * Both sides read and write {@code sleeping} in one step: an offer ends in a release store only, so a plain read after
 * it could pass it and both sides could miss each other. However many tasks come, one wait is woken once.
 */
final class Inbox {

    private static final int CHUNK = 256;

    private final MpscUnboundedAtomicArrayQueue<Runnable> tasks = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final Demultiplexer demultiplexer;
    private volatile boolean wakeupOwed;

    /** The polling thread when it waits here, the demultiplexer being of no use any more; else null. */
    private volatile @Nullable Thread parked;

    Inbox(Demultiplexer demultiplexer) {
        this.demultiplexer = demultiplexer;
    }

    // ---- any thread

    void offer(Runnable task) {
        tasks.offer(task);
    }

    /** Ends the wait under way, if there is one. */
    void wake() {
        if (sleeping.getAndSet(false)) {
            Thread waiting = parked;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            } else {
                demultiplexer.wakeup();
            }
        }
    }

    /** Ends the wait under way, or else keeps the next one from waiting. */
    void wakeup() {
        wakeupOwed = true;
        wake();
    }

    // ---- polling thread

    /** Announces a wait; answers whether it may be one. Always followed by {@link #awake}. */
    boolean fallAsleep() {
        sleeping.getAndSet(true);
        return tasks.isEmpty() && !wakeupOwed;
    }

    /** The wait is over; answers whether somebody asked for that. */
    boolean awake() {
        boolean woken = !sleeping.getAndSet(false);
        wakeupOwed = false;
        return woken;
    }

    /** Waits for a task without the demultiplexer, which has failed. May return early. */
    void park() {
        parked = Thread.currentThread();
        if (fallAsleep()) {
            LockSupport.park(this);
        }
        awake();
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** How many tasks are there now. */
    int size() {
        return tasks.size();
    }

    /** The next task; null if there is none, or none whole yet. */
    @Nullable Runnable poll() {
        return tasks.relaxedPoll();
    }
}
