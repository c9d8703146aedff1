package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.testkit.OutputRecord;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the simulated sockets share. */
abstract class SimPort implements SocketPort {

    private static final Set<SocketOption<?>> OPTIONS = Set.of(
            StandardSocketOptions.SO_LINGER,
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.TCP_NODELAY);

    private static final Set<SocketOption<?>> STREAM_OPTIONS = withRecord();

    final SimulatedNetwork network;
    private final Map<SocketOption<?>, Object> options = new HashMap<>();
    private boolean closed;

    @Nullable SocketAddress local;

    SimPort(SimulatedNetwork network) {
        this.network = network;
        network.opened();
    }

    /** The directions that are ready, in the demultiplexer's bits. */
    abstract int readyBits();

    /** The record of what it sends; null if it is no stream. */
    @Nullable OutputRecord output() {
        return null;
    }

    /** What closing means for this kind. */
    abstract void release();

    /** Every system call begins here: another thread may come first. */
    final void call() throws IOException {
        network.point();
        if (closed) {
            throw new IOException("socket is closed");
        }
    }

    final boolean isClosed() {
        return closed;
    }

    private static Set<SocketOption<?>> withRecord() {
        Set<SocketOption<?>> options = new HashSet<>(OPTIONS);
        options.add(OutputRecord.OPTION);
        return Set.copyOf(options);
    }

    @Override
    public final <T> void option(SocketOption<T> name, T value) {
        requireSupported(name);
        options.put(name, value);
    }

    @Override
    public final <T> @Nullable T option(SocketOption<T> name) {
        requireSupported(name);
        Object value = name == OutputRecord.OPTION ? output() : options.get(name);
        return value == null ? null : name.type().cast(value);
    }

    private void requireSupported(SocketOption<?> name) {
        if (!supportedOptions().contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    @Override
    public final Set<SocketOption<?>> supportedOptions() {
        return output() == null ? OPTIONS : STREAM_OPTIONS;
    }

    @Override
    public final @Nullable SocketAddress localAddress() throws IOException {
        if (closed) {
            throw new IOException("socket is closed");
        }
        return local;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            release();
            network.closed();
        }
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + local + (closed ? ", closed]" : "]");
    }
}
