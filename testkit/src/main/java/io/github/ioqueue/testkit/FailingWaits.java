package io.github.ioqueue.testkit;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends the loop of a queue, as a backend does whose wait throws: nothing else does, for what user code throws costs only its
 * own socket or task.
 */
public final class FailingWaits {

    /** By the thread of the queue whose next wait fails. */
    private final Map<Thread, Error> failures = new ConcurrentHashMap<>();

    /** Creates one whose waits do not fail yet. */
    public FailingWaits() {}

    /** The backend, with demultiplexers that fail when told so. */
    public IoBackend before(IoBackend inner) {
        return new InterposedBackend(
                inner, (port, family) -> (real, method, args) -> InterposedBackend.UNCHANGED, Failing::new);
    }

    /** Has the next wait of this queue throw, and wakes it. */
    public void fail(IoQueue queue, Error error) {
        queue.execute(() -> failures.put(Thread.currentThread(), error));
        queue.wakeup();
    }

    private final class Failing implements Demultiplexer {

        private final Demultiplexer inner;

        Failing(Demultiplexer inner) {
            this.inner = inner;
        }

        @Override
        public Registration register(SocketPort port, Object attachment) throws IOException {
            return inner.register(port, attachment);
        }

        @Override
        public void wait(ReadyList ready, long timeoutNanos) throws IOException {
            Error now = failures.remove(Thread.currentThread());
            if (now != null) {
                throw now;
            }
            inner.wait(ready, timeoutNanos);
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }
}
