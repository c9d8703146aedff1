package io.github.ioqueue.activesock;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.DrainReport;
import io.github.ioqueue.IoTimer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a listener that are open: how many, and how they are drained. They come on the listener's polling
 * thread, live and leave on those of their queues. Any thread.
 */
final class Connections {

    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<@Nullable Duration> timeout = new AtomicReference<>();
    private final ConcurrentLinkedQueue<String> cut = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<DrainReport> drained = new CompletableFuture<>();

    /** No more will come. */
    private volatile boolean complete;

    int count() {
        return count.get();
    }

    /** One has been accepted; it has to leave. */
    Member enter() {
        count.incrementAndGet();
        Member member = new Member();
        members.add(member);
        return member;
    }

    /** The listener is closed. */
    void isComplete() {
        complete = true;
        look();
    }

    CompletableFuture<DrainReport> drain(Duration within) {
        if (timeout.compareAndSet(null, within)) {
            members.forEach(Member::drain);
            look();
        }
        return drained;
    }

    private void look() {
        if (complete && timeout.get() != null && members.isEmpty()) {
            drained.complete(new DrainReport(List.copyOf(cut)));
        }
    }

    /** One connection. */
    final class Member {

        private final AtomicReference<@Nullable ActiveSocket> socket = new AtomicReference<>();
        private final AtomicReference<@Nullable IoTimer> deadline = new AtomicReference<>();

        /** It has a socket now; it may have ended already. */
        void is(ActiveSocket opened) {
            socket.set(opened);
            if (timeout.get() != null) {
                drain();
            }
        }

        /** Answers how many there were, this one included. */
        int leave() {
            members.remove(this);
            IoTimer timer = deadline.get();
            if (timer != null) {
                timer.cancel();
            }
            look();
            return count.getAndDecrement();
        }

        private void drain() {
            ActiveSocket open = socket.get();
            if (open != null) {
                IoTimer timer = open.queue().timer(() -> cut(open));
                if (deadline.compareAndSet(null, timer)) {
                    open.drain();
                    timer.arm(Objects.requireNonNull(timeout.get()).toNanos());
                }
            }
        }

        private void cut(ActiveSocket open) {
            if (members.contains(this)) {
                cut.add(open.explain());
                open.end(CloseReason.of(new DeadlineException("drain: not closed within " + timeout.get())), true);
            }
        }
    }
}
