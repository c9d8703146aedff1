package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds simulated sockets ready. A wait takes no time but the clock's: it moves to what happens next. */
final class SimDemultiplexer implements Demultiplexer {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SimulatedNetwork network;
    private final List<Place> places = new ArrayList<>();
    private volatile boolean woken;

    SimDemultiplexer(SimulatedNetwork network) {
        this.network = network;
    }

    @Override
    public Registration register(SocketPort port, Object attachment) {
        if (!(port instanceof SimPort simulated) || simulated.network != network) {
            throw new IllegalArgumentException("socket of another backend: " + port);
        }
        Place place = new Place(simulated, attachment);
        places.add(place);
        return place;
    }

    @Override
    public void wait(ReadyList ready, long timeoutNanos) throws IOException {
        network.point();
        failed();
        network.timetable().runDue();
        if (!network.happens(Fault.EARLY_RETURN)) {
            long start = network.timetable().now();
            List<Place> found = ready();
            while (found.isEmpty() && !woken && passTime(start, timeoutNanos)) {
                network.point();
                failed();
                found = ready();
            }
            shuffle(found);
            found.forEach(place -> ready.add(place.attachment, place.found));
        }
        woken = false;
        network.point();
    }

    /** Moves the clock to the next event or the end of the wait; answers false when it has ended before. */
    private boolean passTime(long start, long timeoutNanos) throws IOException {
        long next = network.timetable().nanosToNext();
        long left = timeoutNanos == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : timeoutNanos - (network.timetable().now() - start);
        if (left <= 0) {
            return false;
        }
        if (left == Long.MAX_VALUE && next == Long.MAX_VALUE) {
            awaitWakeup();
            return true;
        }
        network.clock().advance(Math.min(left, next));
        network.timetable().runDue();
        return true;
    }

    private void failed() throws IOException {
        IOException failure = network.takeWaitFailure();
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits for another thread: it alone can still bring something. */
    private synchronized void awaitWakeup() {
        if (!network.awaitsWakeups()) {
            throw new AssertionError("a wait without end, and nothing is going to happen");
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (!woken) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("a wait without end, and no wake-up came");
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Place> ready() {
        List<Place> found = new ArrayList<>();
        for (Place place : places) {
            place.found = place.port.readyBits() & place.interest;
            if (place.found == 0 && place.interest != 0 && network.happens(Fault.FALSE_ALARM)) {
                place.found = place.interest;
            }
            if (place.found != 0) {
                found.add(place);
            }
        }
        return found;
    }

    private void shuffle(List<Place> found) {
        for (int i = 0; i < found.size() - 1; i++) {
            int other = i + network.choose(Fault.READY_ORDER, found.size() - i);
            Place place = found.get(i);
            found.set(i, found.get(other));
            found.set(other, place);
        }
    }

    @Override
    public synchronized void wakeup() {
        woken = true;
        notifyAll();
    }

    @Override
    public void close() {}

    private final class Place implements Registration {
        final SimPort port;
        final Object attachment;
        int interest;
        int found;

        Place(SimPort port, Object attachment) {
            this.port = port;
            this.attachment = attachment;
        }

        @Override
        public void interest(int bits) {
            interest = bits;
        }

        @Override
        public void cancel() {
            places.remove(this);
        }
    }
}
