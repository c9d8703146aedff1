package io.github.ioqueue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Closes queues in good order: calls onDrain of every key once, of those registered meanwhile too. It closes the queues when
 * no queue has a key or a {@link WorkGuard} left, or at the deadline.
 */
final class Drain {

    private final List<IoQueue> queues;
    private final Set<IoQueue> left = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> cut = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();

    private Drain(List<IoQueue> queues) {
        this.queues = queues;
        this.left.addAll(queues);
    }

    static CompletableFuture<DrainReport> start(List<IoQueue> queues, Duration timeout) {
        long timeoutNanos = timeout.toNanos();
        Drain drain = new Drain(queues);
        for (IoQueue queue : queues) {
            queue.lifecycle().add(drain); // before the keys are told: one that comes from now on is told when it comes
        }
        for (IoQueue queue : queues) {
            queue.post(() -> drain.begin(queue, timeoutNanos));
        }
        return drain.report;
    }

    // ---- polling thread of the queue

    private void begin(IoQueue queue, long timeoutNanos) {
        queue.loop().keys().copy().forEach(IoKey::drainNow);
        queue.schedule(timeoutNanos, () -> cut(queue));
        look();
    }

    private void cut(IoQueue queue) {
        queue.loop().keys().copy().forEach(key -> cut.add(key.explain()));
        queue.close();
    }

    /** A member has left a queue, perhaps the last one. */
    void look() {
        if (queues.stream().allMatch(queue -> queue.lifecycle().isEmpty())) {
            queues.forEach(IoQueue::close);
        }
    }

    /** A queue is closed. */
    void ended(IoQueue queue) {
        left.remove(queue);
        if (left.isEmpty()) {
            report.complete(new DrainReport(List.copyOf(cut)));
        }
    }
}
