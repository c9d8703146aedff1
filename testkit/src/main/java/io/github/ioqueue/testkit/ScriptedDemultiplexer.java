package io.github.ioqueue.testkit;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@link ScriptedPort}s ready, level-triggered, in the order of their registration. A wait with nothing ready
 * does not wait: it moves the clock by its timeout, if that is finite, and returns. In {@link #blocking} mode it does
 * wait, in real time, for a script to change, a wake-up, or an interrupt.
 */
public final class ScriptedDemultiplexer implements Demultiplexer {

    private final ManualClock clock;
    private final Object lock = new Object();
    private final List<Place> places = new ArrayList<>();
    private final List<Long> waits = new ArrayList<>();
    private @Nullable IOException failure;
    private boolean blocking;
    private boolean woken;
    private long wakeups;
    private boolean closed;

    ScriptedDemultiplexer(ManualClock clock) {
        this.clock = clock;
    }

    // ---- for the test

    /** Whether waits really wait: for tests that poll on a thread of their own. Default no. */
    public void blocking(boolean on) {
        synchronized (lock) {
            blocking = on;
        }
    }

    /** Has the next wait fail, which ends the queue. */
    public void failWait(IOException cause) {
        synchronized (lock) {
            failure = cause;
        }
        stir();
    }

    /** The timeouts of all waits so far, in nanoseconds. */
    public List<Long> waits() {
        synchronized (lock) {
            return List.copyOf(waits);
        }
    }

    /** How many wake-ups there were. */
    public long wakeups() {
        synchronized (lock) {
            return wakeups;
        }
    }

    /** How many ports are registered. */
    public int registrations() {
        synchronized (lock) {
            return places.size();
        }
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** A port of it has changed: a blocking wait looks again. */
    void stir() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    // ---- the seam

    @Override
    public Registration register(SocketPort port, Object attachment) {
        if (!(port instanceof ScriptedPort scripted)) {
            throw new IllegalArgumentException("socket of another backend: " + port);
        }
        Place place = new Place(scripted, attachment);
        scripted.registered(this);
        synchronized (lock) {
            places.add(place);
        }
        return place;
    }

    @Override
    public void wait(ReadyList ready, long timeoutNanos) throws IOException {
        long until = System.nanoTime() + Math.min(timeoutNanos, TimeUnit.DAYS.toNanos(1));
        synchronized (lock) {
            waits.add(timeoutNanos);
            failed();
            while (!collect(ready) && !woken && blocking && timeoutNanos > 0 && pause(until - System.nanoTime())) {
                failed();
            }
            if (ready.size() == 0 && !woken && !blocking && timeoutNanos != Long.MAX_VALUE) {
                clock.advance(timeoutNanos);
            }
            woken = false;
        }
    }

    private void failed() throws IOException {
        IOException cause = failure;
        if (cause != null) {
            failure = null;
            throw cause;
        }
    }

    private boolean collect(ReadyList ready) {
        for (Place place : places) {
            int bits = place.port.takeReady(place.interest);
            if (bits != 0) {
                ready.add(place.attachment, bits);
            }
        }
        return ready.size() > 0;
    }

    /** Waits for a change; answers false when the time is over or an interrupt came. */
    private boolean pause(long nanos) {
        if (nanos <= 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // as a selector leaves it
            return false;
        }
    }

    @Override
    public void wakeup() {
        synchronized (lock) {
            woken = true;
            wakeups++;
            lock.notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    private final class Place implements Registration {
        final ScriptedPort port;
        final Object attachment;
        int interest;

        Place(ScriptedPort port, Object attachment) {
            this.port = port;
            this.attachment = attachment;
        }

        @Override
        public void interest(int bits) {
            port.interest(bits);
            interest = bits;
        }

        @Override
        public void cancel() {
            synchronized (lock) {
                places.remove(this);
            }
        }
    }
}
