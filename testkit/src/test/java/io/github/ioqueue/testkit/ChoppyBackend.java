package io.github.ioqueue.testkit;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Opens {@link ChoppyPort}s, and finds them ready to write always: for stress by real threads, without a system. */
final class ChoppyBackend implements IoBackend {

    private volatile IOException waitFailure;

    /** Every wait fails from now on. */
    void failWaits(IOException failure) {
        waitFailure = failure;
    }

    @Override
    public String name() {
        return "choppy";
    }

    @Override
    public Demultiplexer openDemultiplexer() {
        return new AlwaysWritable();
    }

    @Override
    public StreamPort openStream(ProtocolFamily family) {
        return new ChoppyPort();
    }

    @Override
    public ListenerPort openListener(ProtocolFamily family) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramPort openDatagram(ProtocolFamily family) {
        throw new UnsupportedOperationException();
    }

    private final class AlwaysWritable implements Demultiplexer {
        private final List<Place> places = new ArrayList<>();
        private boolean woken;

        @Override
        public Registration register(SocketPort port, Object attachment) {
            Place place = new Place(attachment);
            places.add(place);
            return place;
        }

        @Override
        public synchronized void wait(ReadyList ready, long timeoutNanos) throws IOException {
            failed();
            for (Place place : places) {
                if ((place.interest & WRITE) != 0) {
                    ready.add(place.attachment, WRITE);
                }
            }
            if (ready.size() == 0 && !woken && timeoutNanos > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, Math.min(timeoutNanos, TimeUnit.SECONDS.toNanos(60)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            woken = false;
            failed();
        }

        private void failed() throws IOException {
            IOException failure = waitFailure;
            if (failure != null) {
                throw failure;
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
            private final Object attachment;
            private int interest;

            Place(Object attachment) {
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
}
