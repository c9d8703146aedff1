package io.github.ioqueue;

/**
 * Keeps a queue from being closed while work is under way that has no key, but a last callback to make (R14). A connection
 * whose name is being resolved is such work, and a layer whose sends are not all complete. {@link IoQueue#guard} makes a
 * guard; a layer of your own may use it.
 *
 * <p>When the queue begins to close, it runs the guard's task on the polling thread, once. The task makes the last callback
 * and releases the guard, or starts what will. The queue is closed when every guard is released, so a guard that is never
 * released keeps {@link IoQueue#close} waiting.
 */
public final class WorkGuard {

    private final IoQueue queue;
    private final Runnable whenClosing;

    // ---- polling thread only

    private boolean notified;
    private boolean released;

    WorkGuard(IoQueue queue, Runnable whenClosing) {
        this.queue = queue;
        this.whenClosing = whenClosing;
    }

    /** Lets the queue end without this work. Idempotent. Polling thread only. */
    public void release() {
        queue.requireLoop("release");
        if (!released) {
            released = true;
            queue.lifecycle().remove(this);
        }
    }

    void queueCloses() {
        if (!notified && !released) {
            notified = true;
            try {
                whenClosing.run();
            } catch (Throwable e) {
                release(); // or the queue would never end
                throw e;
            }
        }
    }

    /** The guard's first turn on the polling thread. */
    void begin() {
        if (!released) {
            queue.lifecycle().add(this);
        }
    }
}
