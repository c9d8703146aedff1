package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The wake-up protocol under the interleavings that Lincheck finds. */
public class InboxTest {

    @Test
    void nobodySleepsBesideATask() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .iterations(Integer.getInteger("lincheck.scenarios", 5))
                .invocationsPerIteration(1_000)
                .sequentialSpecification(Nothing.class)
                .check(Sleeper.class);
    }

    /** Threads that bring tasks, and a poller that waits as long as nobody wakes it. */
    public static final class Sleeper {

        private final AtomicInteger wakeups = new AtomicInteger();
        private final Inbox inbox = new Inbox(new CountedWakeups(wakeups));

        // ---- polling thread

        private boolean waiting;
        private int wakeupsBefore;

        @Operation
        public void bring() {
            inbox.offer(() -> {});
            inbox.wake();
        }

        @Operation
        public void wakeup() {
            inbox.wakeup();
        }

        /** A round up to the wait, or the rest of it if somebody has woken it. */
        @Operation(nonParallelGroup = "loop")
        public void step() {
            if (!waiting) {
                wakeupsBefore = wakeups.get();
                waiting = inbox.fallAsleep();
            }
            if (!waiting || wakeups.get() > wakeupsBefore) {
                waiting = false;
                inbox.awake();
                while (inbox.poll() != null) {
                    // on to the next
                }
            }
        }

        @Validate
        public void nobodyIsForgotten() {
            if (waiting && !inbox.isEmpty() && wakeups.get() == wakeupsBefore) {
                throw new AssertionError("a task is there, and the poller sleeps");
            }
        }
    }

    /** Nothing has a result. */
    public static final class Nothing {

        public void bring() {}

        public void wakeup() {}

        public void step() {}
    }

    private record CountedWakeups(AtomicInteger count) implements Demultiplexer {

        @Override
        public void wakeup() {
            count.incrementAndGet();
        }

        @Override
        public Registration register(SocketPort port, Object attachment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wait(ReadyList ready, long timeoutNanos) {}

        @Override
        public void close() {}
    }
}
