package io.github.ioqueue.testkit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until it is moved: by hand, or by a {@link ScriptedDemultiplexer} that would have had to
 * wait. Any thread.
 */
public final class ManualClock implements LongSupplier {

    private final AtomicLong now;

    /** Creates a clock at an arbitrary time, as {@link System#nanoTime} has it. */
    public ManualClock() {
        this(1_000_000_000L);
    }

    /** Creates a clock at this time; times near {@link Long#MAX_VALUE} show who compares instead of subtracting. */
    public ManualClock(long nowNanos) {
        now = new AtomicLong(nowNanos);
    }

    /** Moves it on. */
    public void advance(long nanos) {
        if (nanos < 0) {
            throw new IllegalArgumentException("time does not go back, as " + nanos);
        }
        now.addAndGet(nanos);
    }

    /** The time in nanoseconds. */
    @Override
    public long getAsLong() {
        return now.get();
    }
}
