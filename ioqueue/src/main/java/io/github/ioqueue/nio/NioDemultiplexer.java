package io.github.ioqueue.nio;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A demultiplexer over a {@link Selector}. The selector's action only adds to the ready list: it runs under the
 * selector's monitors, where no user code may run.
 */
final class NioDemultiplexer implements Demultiplexer {

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Selector selector;
    private final Consumer<SelectionKey> collect = this::collect;
    private @Nullable ReadyList ready;

    NioDemultiplexer(Selector selector) {
        this.selector = selector;
    }

    @Override
    public Registration register(SocketPort port, Object attachment) throws IOException {
        if (!(port instanceof NioPort<?> nio)) {
            throw new IllegalArgumentException("socket of another backend: " + port);
        }
        return new NioRegistration(nio.channel.register(selector, 0, attachment));
    }

    @Override
    public void wait(ReadyList into, long timeoutNanos) throws IOException {
        ready = into;
        if (timeoutNanos <= 0) {
            selector.selectNow(collect);
        } else {
            selector.select(collect, millis(timeoutNanos));
        }
    }

    /** Rounded up, for a wait that ends too early would be repeated; 0 means without limit to the selector. */
    private static long millis(long nanos) {
        return nanos == Long.MAX_VALUE ? 0 : (nanos - 1) / NANOS_PER_MILLI + 1;
    }

    private void collect(SelectionKey key) {
        if (ready != null && key.isValid()) {
            ready.add(key.attachment(), key.readyOps());
        }
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }

    /** The interest bits of the seam are those of {@link SelectionKey}: nothing to translate. */
    private record NioRegistration(SelectionKey key) implements Registration {

        @Override
        public void interest(int bits) {
            // A channel closed under us cancels its key; its owner learns of that from its next call.
            if (key.isValid()) {
                key.interestOps(bits);
            }
        }

        @Override
        public void cancel() {
            key.attach(null);
            key.cancel();
        }
    }
}
