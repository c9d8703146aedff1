package io.github.ioqueue;

import java.util.function.LongSupplier;

/** The clock of a queue. If it throws, the last time it gave is used again. */
final class GuardedClock {

    private final LongSupplier clock;
    private final GuardedErrorHandler errors;

    /** Written by any thread; an old value does. */
    private long last;

    GuardedClock(LongSupplier clock, GuardedErrorHandler errors) {
        this.clock = clock;
        this.errors = errors;
    }

    long nanos() {
        try {
            long now = clock.getAsLong();
            last = now;
            return now;
        } catch (Throwable e) {
            errors.report(null, e);
            return last;
        }
    }
}
