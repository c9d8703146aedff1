package io.github.ioqueue.activesock;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.Resolver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections. A name is resolved off the loop; its addresses are tried one after the other, or beside each other
 * when one takes long.
 *
 * <pre>{@code
 * Connector.to("example.org", 7000).deadline(Duration.ofSeconds(5)).open(queue, new ClientHandler());
 * }</pre>
 */
public final class Connector {

    private static final Duration LEAST_ATTEMPT_DELAY = Duration.ofMillis(10);

    private final @Nullable String host;
    private final int port;
    private final @Nullable SocketAddress address;
    private LocalPorts local = LocalPorts.ANY;
    private Duration deadline = Duration.ofSeconds(30);
    private Duration attemptDelay = Duration.ofMillis(250);
    private Resolver resolver = Resolver.system();
    private StreamConfig config = StreamConfig.defaults();
    private StreamLayer layer = StreamLayer.NONE;
    private final Options options = new Options();

    private Connector(@Nullable String host, int port, @Nullable SocketAddress address) {
        this.host = host;
        this.port = port;
        this.address = address;
    }

    /** To a port of a host: a name, or an address in text form. */
    public static Connector to(String host, int port) {
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("a port to connect to is from 1 to 65535, not " + port);
        }
        return new Connector(Objects.requireNonNull(host, "host"), port, null);
    }

    /** To an address; an unresolved one is resolved. */
    public static Connector to(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.isUnresolved()
                ? to(inet.getHostString(), inet.getPort())
                : new Connector(null, portOf(address), Objects.requireNonNull(address, "address"));
    }

    private static int portOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    /**
     * Binds to this local address first. If its port is not 0 the addresses of a name are tried in turn, for two sockets
     * cannot have it at a time.
     */
    public Connector from(SocketAddress localAddress) {
        local = LocalPorts.of(localAddress);
        return this;
    }

    /** Binds to a local address first, to the first port that is free of so many from this one on. */
    public Connector from(InetSocketAddress firstPort, int ports) {
        local = LocalPorts.of(firstPort, ports);
        return this;
    }

    /** How long resolving and connecting may take together; default 30 s. */
    public Connector deadline(Duration total) {
        deadline = Objects.requireNonNull(total, "total");
        return this;
    }

    /**
     * How long an address of a name may be tried before the next is tried beside it: RFC 8305, where the first that connects
     * wins. Default 250 ms, its section 5; at least 10 ms; zero tries an address only when the one before has failed.
     */
    public Connector attemptDelay(Duration delay) {
        if (!delay.isZero() && delay.compareTo(LEAST_ATTEMPT_DELAY) < 0) {
            throw new IllegalArgumentException("attempts are at least " + LEAST_ATTEMPT_DELAY + " apart, not " + delay);
        }
        attemptDelay = delay;
        return this;
    }

    /** Who resolves names; default {@link Resolver#system()}. */
    public Connector resolver(Resolver names) {
        resolver = Objects.requireNonNull(names, "names");
        return this;
    }

    /** The limits and habits of the socket. */
    public Connector config(StreamConfig stream) {
        config = Objects.requireNonNull(stream, "stream");
        return this;
    }

    /** Puts a layer, such as TLS, between the socket and its handler. */
    public Connector through(StreamLayer between) {
        layer = Objects.requireNonNull(between, "between");
        return this;
    }

    /**
     * Sets an option of the socket before it is bound and connected. One that the socket does not have fails the
     * connecting with an {@link UnsupportedOperationException}.
     */
    public <T> Connector option(SocketOption<T> name, T value) {
        options.put(name, value);
        return this;
    }

    /**
     * Starts to connect. The queue's polling thread calls the handler's {@code onOpen} when connected. It calls {@code
     * onClosed} alone if resolving failed, no address could be connected to, the deadline passed, or the queue was closed
     * meanwhile. Exactly one of the two comes, if a thread polls or closes the queue (R14). A drain of the queue waits while
     * the name is resolved, and gives up connects under way. Any thread.
     *
     * @throws RejectedExecutionException if the queue is closing or closed; nothing is called back then
     */
    public void open(IoQueue queue, StreamHandler handler) {
        Objects.requireNonNull(handler, "handler");
        StreamHandler below = layer.connecting(handler, config, name(), port);
        Connecting connecting;
        try {
            connecting = new Connecting(queue, target(), below, config, options.copy(), local, deadline, attemptDelay);
        } catch (ClosedException e) {
            throw new RejectedExecutionException(
                    "connect to " + (address != null ? address : host + ":" + port) + ": the queue is closed", e);
        }
        queue.post(() -> start(queue, connecting));
    }

    private SocketAddress target() {
        return address != null ? address : InetSocketAddress.createUnresolved(Objects.requireNonNull(host), port);
    }

    private @Nullable String name() {
        return address instanceof InetSocketAddress inet ? inet.getHostString() : host;
    }

    private void start(IoQueue queue, Connecting connecting) {
        if (!connecting.start()) {
            return;
        }
        if (address != null) {
            connecting.tryAll(List.of(address));
            return;
        }
        try {
            resolver.resolve(Objects.requireNonNull(host), queue, (addresses, failure) -> {
                if (failure != null) {
                    connecting.fail(CloseReason.of(failure));
                } else {
                    connecting.tryAll(addresses.stream()
                            .<SocketAddress>map(a -> new InetSocketAddress(a, port))
                            .toList());
                }
            });
        } catch (Throwable e) {
            connecting.fail(new CloseReason(CloseReason.Kind.FAILED, e));
        }
    }
}
