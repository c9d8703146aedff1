package io.github.ioqueue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Several queues, each with a thread of its own that polls it until it is closed. Any thread.
 *
 * <p>A queue whose loop fails, because its wait for sockets threw, fails its keys, calls the error handler, and is chosen no
 * more; its thread ends with the error. The others go on.
 */
public final class IoQueueGroup implements AutoCloseable {

    private final List<IoQueue> queues;
    private volatile List<IoQueue> open;
    private final List<Thread> threads = new ArrayList<>();
    private final Chooser chooser;

    private IoQueueGroup(List<IoQueue> queues, Chooser chooser) {
        this.queues = List.copyOf(queues);
        this.open = this.queues;
        this.chooser = chooser;
    }

    /** Opens so many queues with the defaults of a {@link Builder}. */
    public static IoQueueGroup open(int size, IoQueueConfig config) throws IOException {
        return builder().size(size).config(config).open();
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a group; each method returns the builder. */
    public static final class Builder {

        private int size = Runtime.getRuntime().availableProcessors();
        private IoQueueConfig config = IoQueueConfig.defaults();
        private Chooser chooser = Chooser.inTurn();
        private ThreadFactory threads = Thread::new;
        private String name = "ioqueue";

        private Builder() {}

        /** How many queues; default: as many as there are processors. */
        public Builder size(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("a group has at least one queue, not " + value);
            }
            size = value;
            return this;
        }

        /** How each queue works. */
        public Builder config(IoQueueConfig value) {
            config = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Chooses the queue of a new socket; default {@link Chooser#inTurn}. */
        public Builder chooser(Chooser value) {
            chooser = Objects.requireNonNull(value, "value");
            return this;
        }

        /** The threads are named {@code NAME-0} and so on, and do not keep the program alive; default {@code ioqueue}. */
        public Builder name(String value) {
            name = Objects.requireNonNull(value, "value");
            threads = Thread::new;
            return this;
        }

        /** Makes the threads, in place of {@link #name}. They are started by {@code open} and end with their queue. */
        public Builder threads(ThreadFactory value) {
            threads = Objects.requireNonNull(value, "value");
            name = "";
            return this;
        }

        /** Opens the queues and starts their threads. */
        public IoQueueGroup open() throws IOException {
            List<IoQueue> queues = new ArrayList<>();
            try {
                for (int i = 0; i < size; i++) {
                    queues.add(IoQueue.open(config));
                }
                IoQueueGroup group = new IoQueueGroup(queues, chooser);
                queues.forEach(queue -> group.start(thread(group, queue)));
                return group;
            } catch (IOException | RuntimeException | Error e) {
                queues.forEach(IoQueue::close);
                throw e;
            }
        }

        private Thread thread(IoQueueGroup group, IoQueue queue) {
            Thread thread = threads.newThread(() -> group.run(queue));
            if (!name.isEmpty()) {
                thread.setName(name + "-" + group.threads.size());
                thread.setDaemon(true);
            }
            return thread;
        }
    }

    private void start(Thread thread) {
        threads.add(thread);
        thread.start();
    }

    private void run(IoQueue queue) {
        try {
            while (!queue.isClosing()) {
                queue.poll(Long.MAX_VALUE);
            }
        } finally {
            without(queue);
        }
    }

    private synchronized void without(IoQueue closed) {
        open = open.stream().filter(queue -> queue != closed).toList();
    }

    /** The queue for a new socket, by the group's {@link Chooser}. When all are closed, one that refuses it. */
    public IoQueue next() {
        List<IoQueue> candidates = open;
        return candidates.isEmpty() ? queues.get(0) : chooser.choose(candidates);
    }

    /** All queues, those that are closed too. */
    public List<IoQueue> queues() {
        return queues;
    }

    /**
     * Closes every queue, as {@link IoQueue#close} does. If a queue is not being polled at that moment, the calling thread makes
     * its last callbacks.
     */
    @Override
    public void close() {
        queues.forEach(IoQueue::close);
    }

    /**
     * Closes the group in good order: tells every key of every queue, by {@link IoHandler#onDrain}, waits until all are
     * closed, and then closes the queues; what is open when the timeout has passed is cut. {@link IoQueue#drain} of all at
     * once: until the last key is closed every queue takes new ones. Never waits.
     *
     * @return completes when all queues are closed, on a polling thread
     */
    public CompletableFuture<DrainReport> drain(Duration timeout) {
        return Drain.start(queues, timeout);
    }

    /**
     * Waits until every queue is closed and its thread has ended.
     *
     * @return false if the time has passed before
     * @throws IllegalStateException on a polling thread of this group
     */
    public boolean awaitClosed(long timeout, TimeUnit unit) throws InterruptedException {
        if (threads.contains(Thread.currentThread())) {
            throw new IllegalStateException("awaitClosed on a polling thread of the group would wait for itself");
        }
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        for (IoQueue queue : queues) {
            if (!queue.awaitClosed(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        for (Thread thread : threads) {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(deadline - System.nanoTime(), 1));
            if (thread.isAlive()) {
                return false;
            }
        }
        return true;
    }
}
