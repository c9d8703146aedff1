package io.github.ioqueue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several queues, each with a thread of its own that polls it until it is closed. Any thread.
 */
public final class IoQueueGroup implements AutoCloseable {

    private final List<IoQueue> queues;
    private final AtomicInteger turn = new AtomicInteger();

    private IoQueueGroup(List<IoQueue> queues) {
        this.queues = List.copyOf(queues);
    }

    /** Opens so many queues, polled by threads named {@code ioqueue-N} that do not keep the program alive. */
    public static IoQueueGroup open(int size, IoQueueConfig config) throws IOException {
        AtomicInteger number = new AtomicInteger();
        return open(size, config, loop -> {
            Thread thread = new Thread(loop, "ioqueue-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Opens so many queues, polled by threads of this factory, which are started here and end with their queue. */
    public static IoQueueGroup open(int size, IoQueueConfig config, ThreadFactory threads) throws IOException {
        if (size < 1) {
            throw new IllegalArgumentException("a group has at least one queue, not " + size);
        }
        List<IoQueue> queues = new ArrayList<>();
        try {
            for (int i = 0; i < size; i++) {
                queues.add(IoQueue.open(config));
            }
            for (IoQueue queue : queues) {
                threads.newThread(() -> run(queue)).start();
            }
            return new IoQueueGroup(queues);
        } catch (IOException | RuntimeException | Error e) {
            queues.forEach(IoQueue::close);
            throw e;
        }
    }

    private static void run(IoQueue queue) {
        while (!queue.isClosing()) {
            queue.poll(Long.MAX_VALUE);
        }
    }

    /** The next queue in turn: for a new socket. */
    public IoQueue next() {
        return queues.get(Math.floorMod(turn.getAndIncrement(), queues.size()));
    }

    /** All queues. */
    public List<IoQueue> queues() {
        return queues;
    }

    /** Closes every queue, see {@link IoQueue#close}; never waits. */
    @Override
    public void close() {
        queues.forEach(IoQueue::close);
    }

    /**
     * Waits until every queue is closed.
     *
     * @return false if the time has passed before
     * @throws IllegalStateException on a polling thread of this group
     */
    public boolean awaitClosed(long timeout, TimeUnit unit) throws InterruptedException {
        if (queues.stream().anyMatch(IoQueue::inLoop)) {
            throw new IllegalStateException("awaitClosed on a polling thread of the group would wait for itself");
        }
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        for (IoQueue queue : queues) {
            if (!queue.awaitClosed(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }
}
