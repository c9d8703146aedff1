package io.github.ioqueue;

import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Ends the outgoing stream behind all writes submitted before it. Nobody waits for it: it has no callback. */
final class ShutdownOp extends IoOp {

    @Override
    void reset() {}

    @Override
    boolean attempt(SocketPort port, ByteBuffer lent) throws IOException {
        ((StreamPort) port).shutdownOutput();
        return true;
    }

    @Override
    boolean isInput() {
        return false;
    }

    @Override
    boolean isRevocable() {
        return false;
    }

    @Override
    IOException endOfHalf() {
        return new ClosedException("output is shut down");
    }

    @Override
    void requireFit(SocketPort port) {
        if (!(port instanceof StreamPort)) {
            throw misfit(port);
        }
    }

    @Override
    void deliver(IoKey key, IoHandler handler) {}
}
