package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.testkit.ManualClock;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What is under way in the network: events in virtual time, those of one time in the order they were entered. */
final class Timetable {

    private record Event(long time, long number, Runnable what) {}

    private final ManualClock clock;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::number));
    private long entered;

    Timetable(ManualClock clock) {
        this.clock = clock;
    }

    long now() {
        return clock.getAsLong();
    }

    void at(long time, Runnable what) {
        events.add(new Event(time, entered++, what));
    }

    /** Has everything happen whose time has come. */
    void runDue() {
        for (Event next = events.peek(); next != null && next.time() <= now(); next = events.peek()) {
            events.remove();
            next.what().run();
        }
    }

    /** How long until the next event; {@link Long#MAX_VALUE} if there is none. */
    long nanosToNext() {
        Event next = events.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.time() - now());
    }
}
