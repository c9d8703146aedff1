package io.github.ioqueue.spi;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A non-blocking, unconnected datagram socket. */
public interface DatagramPort extends SocketPort {

    /** Binds to a local address. */
    void bind(SocketAddress local) throws IOException;

    /**
     * Receives one datagram. What does not fit into {@code dst} is lost, but never silently: the answer is the whole
     * size of the datagram, which may be larger than the room there was.
     *
     * @param sender is told the sender's address when a datagram was received
     * @return the size of the datagram (0 for an empty one) or {@link #WOULD_BLOCK}
     */
    int receive(ByteBuffer dst, Consumer<? super SocketAddress> sender) throws IOException;

    /**
     * Sends all of {@code src} as one datagram; an empty one is sent, too.
     *
     * @return the size of the datagram or {@link #WOULD_BLOCK}, in which case {@code src} is untouched
     */
    int send(ByteBuffer src, SocketAddress remote) throws IOException;
}
