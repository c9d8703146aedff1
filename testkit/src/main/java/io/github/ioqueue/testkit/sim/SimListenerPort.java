package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A simulated listener. Closing it resets those that still wait to be accepted. */
final class SimListenerPort extends SimPort implements ListenerPort {

    private static final int BACKLOG = 50;

    private final ArrayDeque<SimStreamPort> waiting = new ArrayDeque<>();
    private int backlog = BACKLOG;

    SimListenerPort(SimulatedNetwork network) {
        super(network);
    }

    @Override
    public void bind(SocketAddress address, int most) throws IOException {
        backlog = most == 0 ? BACKLOG : most;
        local = network.addressFor(address);
        network.listen(local, this);
    }

    boolean isFull() {
        return waiting.size() >= backlog;
    }

    void arrived(SimStreamPort connection) {
        waiting.add(connection);
    }

    @Override
    public @Nullable StreamPort accept() throws IOException {
        call();
        if (waiting.isEmpty() || network.happens(Fault.EMPTY_ACCEPT)) {
            return null;
        }
        if (network.happens(Fault.NO_DESCRIPTOR)) {
            throw new IOException("Too many open files");
        }
        return waiting.remove();
    }

    @Override
    int readyBits() {
        return waiting.isEmpty() ? 0 : Demultiplexer.ACCEPT;
    }

    @Override
    void release() {
        network.unlisten(this);
        for (SimStreamPort connection : waiting) {
            connection.refuse();
        }
        waiting.clear();
    }
}
