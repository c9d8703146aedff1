package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.IoSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Opens listeners.
 *
 * <pre>{@code
 * Listener.on(7000).limit(10_000).open(group, accepted -> new EchoHandler());
 * }</pre>
 */
public final class Listener {

    private final SocketAddress address;
    private int backlog = 1024;
    private int limit = 10_000;
    private boolean refuses;
    private StreamConfig config = StreamConfig.forServers();
    private StreamLayer layer = StreamLayer.NONE;
    private final Options options = new Options();

    private Listener(SocketAddress address) {
        this.address = Objects.requireNonNull(address, "address");
    }

    /** On an address: an {@link InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}. */
    public static Listener on(SocketAddress address) {
        return new Listener(address);
    }

    /** On a port of all local addresses; 0 lets the system choose one, see {@link ActiveListener#localAddress}. */
    public static Listener on(int port) {
        return new Listener(new InetSocketAddress(port));
    }

    /** How many connections may wait in the kernel to be accepted; default 1024. */
    public Listener backlog(int connections) {
        backlog = connections;
        return this;
    }

    /** How many connections may be open at a time; default 10,000. */
    public Listener limit(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + connections);
        }
        limit = connections;
        return this;
    }

    /**
     * What becomes of connections beyond the limit: they wait in the kernel until there is room, which is the default, or
     * are accepted and reset at once, so that the peer knows and may go elsewhere; {@link
     * ActiveListener#refusedConnections} counts them.
     */
    public Listener refuseBeyondLimit(boolean refuse) {
        refuses = refuse;
        return this;
    }

    /** The limits and habits of accepted sockets; default {@link StreamConfig#forServers}. */
    public Listener config(StreamConfig streams) {
        config = Objects.requireNonNull(streams, "streams");
        return this;
    }

    /**
     * Puts a layer, such as TLS, between accepted sockets and their handlers: the {@link AcceptHandler} hears of a
     * connection when the layer has opened it.
     */
    public Listener through(StreamLayer between) {
        layer = Objects.requireNonNull(between, "between");
        return this;
    }

    /**
     * Sets an option of the listening socket before it is bound, and of every accepted socket, each where that kind of
     * socket has it: a receive buffer larger than 64 KiB, for instance, takes effect only if the listening socket had it.
     * An option that accepted sockets do not have makes {@code open} throw {@link UnsupportedOperationException}.
     */
    public <T> Listener option(SocketOption<T> name, T value) {
        options.put(name, value);
        return this;
    }

    /** Opens it on one queue, which also serves what it accepts. Any thread. */
    public ActiveListener open(IoQueue queue, AcceptHandler handler) throws IOException {
        return open(queue, () -> queue, handler);
    }

    /** Opens it on the next queue of a group, and hands what it accepts to all of them in turn. Any thread. */
    public ActiveListener open(IoQueueGroup group, AcceptHandler handler) throws IOException {
        return open(group.next(), group::next, handler);
    }

    private ActiveListener open(IoQueue queue, Supplier<IoQueue> queues, AcceptHandler handler) throws IOException {
        Objects.requireNonNull(handler, "handler");
        IoSocket socket = IoSocket.openListener(queue.config().backend(), Families.of(address));
        try {
            if (socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEADDR) && !Families.isWindows()) {
                socket.option(StandardSocketOptions.SO_REUSEADDR, true);
            }
            setOptions(socket, queue);
            socket.bind(address, backlog);
            return ActiveListener.adopt(
                    queue, socket, handler, new Accepted(queues, config, options.copy(), layer, limit, refuses));
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    /** Tries the options on a stream socket as well, so that a wrong one is told here and not at the first accept. */
    private void setOptions(IoSocket listener, IoQueue queue) throws IOException {
        if (!options.isEmpty()) {
            try (IoSocket like = IoSocket.openStream(queue.config().backend(), Families.of(address))) {
                options.applyTo(like);
            }
            options.applySupportedTo(listener);
        }
    }
}
