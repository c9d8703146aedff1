package io.github.ioqueue.ssl;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * TLS between a connection and its handler.
 *
 * <pre>{@code
 * TlsLayer tls = TlsLayer.of(TlsConfig.builder().identity(Pem.identity(chain, key)).build());
 * Listener.on(7443).through(tls).open(group, accepted -> new EchoHandler());
 * Connector.to("example.org", 443).through(TlsLayer.of(TlsConfig.defaults())).open(queue, new ClientHandler());
 * }</pre>
 *
 * The handler's socket is an {@link SslSocket}; its {@code onOpen} comes when the handshake is done. Make one layer and
 * use it for all connections: it holds what is costly to set up, and remembers sessions to resume. Thread-safe.
 */
public final class TlsLayer implements StreamLayer {

    private final AtomicInteger handshakes = new AtomicInteger();
    private final TlsProbe probe;
    private final TlsProbe accepting;
    private volatile TlsContext context;

    private TlsLayer(TlsContext context, TlsProbe probe) {
        this.context = Objects.requireNonNull(context, "context");
        this.probe = Objects.requireNonNull(probe, "probe");
        this.accepting = TlsProbe.all(new Places(), probe);
    }

    /** Gives the places of handshakes back. */
    private final class Places implements TlsProbe {
        @Override
        public void handshakeEnds(SslSocket socket, long nanos, @Nullable CloseReason failure) {
            handshakes.getAndDecrement();
        }
    }

    /**
     * TLS by the JDK.
     *
     * @throws TlsException if it cannot honour the configuration
     */
    public static TlsLayer of(TlsConfig config) throws TlsException {
        return of(TlsBackend.named(TlsBackend.JDK).context(config));
    }

    /** TLS by the backend that made the context. */
    public static TlsLayer of(TlsContext context) {
        return of(context, TlsProbe.NONE);
    }

    /** TLS that is watched. */
    public static TlsLayer of(TlsContext context, TlsProbe probe) {
        return new TlsLayer(context, probe);
    }

    /** What it stands on now. */
    public TlsContext context() {
        return context;
    }

    /**
     * Applies another configuration, such as a renewed certificate, to new connections, by the same backend. Existing ones
     * keep their configuration. No session is resumed across the two.
     *
     * @throws TlsException if the backend cannot honour it; then the old configuration stays
     */
    public void reload(TlsConfig config) throws TlsException {
        context = context.backend().context(config);
    }

    /** How many accepted connections are in their handshakes. */
    public int handshakes() {
        return handshakes.get();
    }

    // ---- on a socket that is in use: STARTTLS

    /** As {@link SslSocket#client}, by what this layer stands on now. */
    public SslSocket client(StreamSocket below, @Nullable String host, int port, StreamHandler handler)
            throws TlsException {
        return SslSocket.client(below, context, host, port, handler, below.config(), probe);
    }

    /**
     * As {@link SslSocket#server}, by what this layer stands on now.
     *
     * @throws TlsException also if as many handshakes are under way as may be; the socket is still the caller's then
     */
    public SslSocket server(StreamSocket below, StreamHandler handler) throws TlsException {
        return accept(below, context, handler, below.config());
    }

    // ---- on new ones

    @Override
    public StreamHandler connecting(StreamHandler above, StreamConfig config, @Nullable String host, int port) {
        TlsContext now = context;
        return new Entry(above, socket -> SslSocket.client(socket, now, host, port, above, config, probe));
    }

    @Override
    public StreamHandler accepting(StreamHandler above, StreamConfig config) {
        TlsContext now = context;
        return new Entry(above, socket -> accept(socket, now, above, config));
    }

    private SslSocket accept(StreamSocket below, TlsContext now, StreamHandler above, StreamConfig config)
            throws TlsException {
        int limit = now.config().limits().handshakes();
        if (handshakes.getAndIncrement() >= limit) {
            handshakes.getAndDecrement();
            throw new TlsException(Reason.TOO_MANY_HANDSHAKES, limit + " are under way");
        }
        try {
            return SslSocket.server(below, now, above, config, accepting);
        } catch (Throwable e) {
            handshakes.getAndDecrement();
            throw e;
        }
    }

    private interface Start {
        SslSocket on(StreamSocket below) throws TlsException;
    }

    /** Waits for the socket below to open. */
    private static final class Entry implements StreamHandler {

        private final StreamHandler above;
        private final Start start;
        private @Nullable CloseReason failure;

        Entry(StreamHandler above, Start start) {
            this.above = Objects.requireNonNull(above, "above");
            this.start = start;
        }

        @Override
        public void onOpen(StreamSocket below) {
            try {
                start.on(below);
            } catch (Throwable e) {
                failure = e instanceof TlsException
                        ? CloseReason.of(e)
                        : new CloseReason(
                                CloseReason.Kind.FAILED,
                                new TlsException(Reason.BACKEND_FAULT, "no engine could be made: " + e, e));
                below.abort();
            }
        }

        @Override
        public void onData(StreamSocket below, ByteBuffer in) {
            throw new IllegalStateException("data before TLS has begun");
        }

        @Override
        public void onClosed(StreamSocket below, CloseReason why) {
            above.onClosed(below, failure != null ? failure : why);
        }
    }

    @Override
    public String toString() {
        return "TLS by " + context.backend().name();
    }
}
