package io.github.ioqueue;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends what remains in a buffer as one datagram; an empty buffer sends an empty one. */
public class SendOp extends WriteOp {

    private @Nullable SocketAddress receiver;

    /** Creates a send of nothing to nobody; set buffer and receiver before submitting it. */
    public SendOp() {}

    /** Creates a send of what remains in the buffer. */
    public SendOp(ByteBuffer buffer, SocketAddress receiver) {
        super(buffer);
        this.receiver = receiver;
    }

    /** Sets to whom to send. */
    public final void receiver(SocketAddress to) {
        requireIdle();
        receiver = to;
    }

    /** To whom it is sent. */
    public final @Nullable SocketAddress receiver() {
        return receiver;
    }

    @Override
    boolean writeTo(SocketPort port) throws IOException {
        if (receiver == null) {
            throw new IOException("datagram without a receiver");
        }
        return ((DatagramPort) port).send(buffer(), receiver) != SocketPort.WOULD_BLOCK;
    }

    @Override
    void requireFit(SocketPort port) {
        if (!(port instanceof DatagramPort)) {
            throw misfit(port);
        }
        if (receiver == null || (receiver instanceof InetSocketAddress inet && inet.isUnresolved())) {
            throw new IllegalArgumentException("R1: receiver is missing or unresolved: " + receiver);
        }
    }
}
