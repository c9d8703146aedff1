package io.github.ioqueue;

import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Accepts one connection. A failure concerns this op alone; the listener stays usable. */
public non-sealed class AcceptOp extends IoOp {

    private @Nullable IoSocket accepted;

    /** Creates an accept. */
    public AcceptOp() {}

    /**
     * The accepted socket, which is now the caller's to register or close.
     *
     * @throws IllegalStateException if there is none: the op failed or is pending
     */
    public final IoSocket accepted() {
        if (accepted == null) {
            throw new IllegalStateException("no accepted socket: " + failure());
        }
        return accepted;
    }

    // ---- library side

    @Override
    final void reset() {
        accepted = null;
    }

    @Override
    final boolean attempt(SocketPort port, ByteBuffer lent) throws IOException {
        StreamPort stream = ((ListenerPort) port).accept();
        accepted = stream == null ? null : new IoSocket(stream);
        return stream != null;
    }

    @Override
    final boolean isInput() {
        return true;
    }

    @Override
    final void requireFit(SocketPort port) {
        if (!(port instanceof ListenerPort)) {
            throw misfit(port);
        }
    }

    @Override
    final void deliver(IoKey key, IoHandler handler) {
        handler.onAcceptComplete(key, this);
    }
}
