package io.github.ioqueue;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives one datagram, into the caller's buffer or lent (see {@link ReadOp}). {@link #count()} is the size the
 * datagram had on the wire, 0 for an empty one; if that is more than the buffer had room for, {@link #isTruncated()}.
 */
public class ReceiveOp extends ReadOp {

    private final Sender sender = new Sender();
    private int room;

    /** Where the port leaves the sender's address. */
    private static final class Sender implements Consumer<SocketAddress> {
        private @Nullable SocketAddress address;

        @Override
        public void accept(SocketAddress from) {
            address = from;
        }
    }

    /** Creates a lending receive. */
    public ReceiveOp() {}

    /** Creates a receive into a buffer of the caller's. */
    public ReceiveOp(ByteBuffer buffer) {
        super(buffer);
    }

    /** Who sent the datagram; null before one was received. */
    public final @Nullable SocketAddress sender() {
        return sender.address;
    }

    /** Whether the datagram was larger than the room there was; the rest of it is lost. */
    public final boolean isTruncated() {
        return count() > room;
    }

    @Override
    void reset() {
        super.reset();
        sender.address = null;
        room = 0;
    }

    @Override
    int readFrom(SocketPort port, ByteBuffer dst) throws IOException {
        room = dst.remaining();
        return ((DatagramPort) port).receive(dst, sender);
    }

    /** One datagram says nothing about the next. */
    @Override
    boolean mayHaveMore() {
        return true;
    }

    @Override
    void requireFit(SocketPort port) {
        if (!(port instanceof DatagramPort)) {
            throw misfit(port);
        }
        requireRoom();
    }
}
