package io.github.ioqueue;

/**
 * Keeps a queue from being closed while work is under way that is no key, but has a last callback to make: a connection
 * whose name is being resolved, or a layer whose sends are not all complete. {@link IoQueue#guard} makes one.
 *
 * <p>When the queue begins to close, it runs the guard's task on the polling thread, once. The queue is closed when every
 * guard is released; so the task, or what it starts, must come to {@link #release}.
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
            whenClosing.run();
        }
    }

    /** The guard's first turn on the polling thread. */
    void begin() {
        if (!released) {
            queue.lifecycle().add(this);
        }
    }
}
