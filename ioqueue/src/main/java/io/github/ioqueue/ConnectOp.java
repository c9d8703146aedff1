package io.github.ioqueue;

import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connects a stream socket. One per key: a socket whose connecting failed is of no more use, so its key closes; another
 * address needs another socket. Reads and writes may be submitted behind it at once; they wait for it.
 */
public non-sealed class ConnectOp extends IoOp {

    private @Nullable SocketAddress remote;
    private boolean started;

    /** Creates a connect to nowhere; set an address before submitting it. */
    public ConnectOp() {}

    /** Creates a connect to a resolved address. */
    public ConnectOp(SocketAddress remote) {
        this.remote = Objects.requireNonNull(remote, "remote");
    }

    /** Sets where to connect to. */
    public final void remote(SocketAddress address) {
        requireIdle();
        remote = Objects.requireNonNull(address, "address");
    }

    /** Where it connects to. */
    public final @Nullable SocketAddress remote() {
        return remote;
    }

    // ---- library side

    @Override
    final void reset() {
        started = false;
    }

    /** Before the system was asked to connect nothing can become ready. */
    @Override
    final boolean awaitsReadiness() {
        return started;
    }

    /** Whether the system was asked to connect, so that its readiness means something. */
    final boolean isStarted() {
        return started;
    }

    @Override
    final boolean attempt(SocketPort port, ByteBuffer lent) throws IOException {
        StreamPort stream = (StreamPort) port;
        try {
            if (started) {
                return stream.finishConnect();
            }
            started = true;
            return stream.connect(Objects.requireNonNull(remote));
        } catch (IOException e) {
            throw named(e);
        }
    }

    /** The system's text does not say which address could not be reached. */
    private IOException named(IOException e) {
        if (e instanceof ResetException) {
            return e;
        }
        String message = "connect to " + remote + ": " + e.getMessage();
        IOException named = e instanceof ConnectException ? new ConnectException(message) : new IOException(message);
        named.initCause(e);
        return named;
    }

    @Override
    final boolean isInput() {
        return false;
    }

    @Override
    final void requireFit(SocketPort port) {
        if (!(port instanceof StreamPort)) {
            throw misfit(port);
        }
        if (remote == null || (remote instanceof InetSocketAddress inet && inet.isUnresolved())) {
            throw new IllegalArgumentException("R1: address to connect to is missing or unresolved: " + remote);
        }
    }

    @Override
    final void deliver(IoKey key, IoHandler handler) {
        handler.onConnectComplete(key, this);
    }
}
