package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueue;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks that every handler that was given to an {@code open} that returned has had its {@code onClosed}, once, last and on
 * the polling thread, and that none has whose {@code open} threw. Any thread.
 */
final class OpenLedger {

    /** Opens a connection, as {@link Connector#open} does. */
    interface Opener {
        void open(IoQueue queue, StreamHandler handler);
    }

    private final Opener opener;
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

    OpenLedger(Opener opener) {
        this.opener = opener;
    }

    private static final class Entry implements StreamHandler {
        private final IoQueue queue;
        private final Thread caller = Thread.currentThread();
        private final AtomicInteger closed = new AtomicInteger();
        private volatile boolean returned;
        private volatile boolean threw;
        private volatile boolean inside = true;
        private volatile String wrong = "";
        private volatile CloseReason reason;

        Entry(IoQueue queue) {
            this.queue = queue;
        }

        private void called(String what) {
            if (!queue.inLoop()) {
                wrong = what + " on a thread that does not poll";
            } else if (closed.get() > 0) {
                wrong = what + " after onClosed";
            } else if (inside && caller == Thread.currentThread()) {
                wrong = what + " inside open";
            }
        }

        @Override
        public void onOpen(StreamSocket socket) {
            called("onOpen");
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            called("onData");
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            called("onClosed");
            reason = why;
            closed.incrementAndGet();
        }
    }

    /** Opens one; returns false if the queue refused it. */
    boolean open(IoQueue queue) {
        Entry entry = new Entry(queue);
        entries.add(entry);
        try {
            opener.open(queue, entry);
            entry.returned = true;
        } catch (RejectedExecutionException e) {
            entry.threw = true;
        } finally {
            entry.inside = false;
        }
        return entry.returned;
    }

    /** Returns how many have had their onClosed. */
    long closed() {
        return entries.stream().filter(each -> each.closed.get() > 0).count();
    }

    /** Returns the kinds of reasons that came. */
    Iterable<CloseReason.Kind> kinds() {
        return entries.stream()
                .filter(each -> each.reason != null)
                .map(each -> each.reason.kind())
                .distinct()
                .toList();
    }

    /** Checks all, when their queues are closed. */
    void verify() {
        for (Entry entry : entries) {
            assertThat(entry.returned || entry.threw)
                    .as("open returned or refused")
                    .isTrue();
            assertThat(entry.wrong).isEmpty();
            assertThat(entry.closed.get())
                    .as(entry.threw ? "onClosed after open threw" : "onClosed after open returned")
                    .isEqualTo(entry.threw ? 0 : 1);
        }
    }
}
