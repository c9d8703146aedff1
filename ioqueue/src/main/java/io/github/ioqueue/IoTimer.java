package io.github.ioqueue;

import java.util.Objects;

/**
 * A task to run on the polling thread when a time has come. Reusable: arming it again moves it, and on the polling thread
 * allocates nothing.
 * {@link IoQueue#timer} makes one, {@link IoQueue#schedule} makes and arms one.
 */
public final class IoTimer {

    private final IoQueue queue;
    private final Runnable task;

    /** When to run, on the queue's clock. */
    long due;

    /** Tells this arming from all others, and earlier ones from later ones. */
    long arm;

    /** Its place in the heap of {@link Timers}, -1 while not armed. */
    int slot = -1;

    IoTimer(IoQueue queue, Runnable task) {
        this.queue = queue;
        this.task = Objects.requireNonNull(task, "task");
    }

    /**
     * Arms it, or moves it when it is armed: the task runs once, not before the delay has passed. Any thread; off the
     * polling thread the delay counts from this call.
     */
    public void arm(long delayNanos) {
        long when = queue.now() + Math.min(Math.max(0, delayNanos), Long.MAX_VALUE / 2);
        if (queue.inLoop()) {
            queue.loop().timers().arm(this, when);
        } else {
            queue.post(() -> queue.loop().timers().arm(this, when));
        }
    }

    /** Disarms it; the task will not run unless it is running. Any thread; off the polling thread a request. */
    public void cancel() {
        if (queue.inLoop()) {
            queue.loop().timers().disarm(this);
        } else {
            queue.post(() -> queue.loop().timers().disarm(this));
        }
    }

    /** Whether it is armed. Polling thread only. */
    public boolean isArmed() {
        return slot >= 0;
    }

    Runnable task() {
        return task;
    }
}
