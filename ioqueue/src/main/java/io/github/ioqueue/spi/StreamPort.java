package io.github.ioqueue.spi;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A non-blocking stream socket (TCP or Unix domain). */
public interface StreamPort extends SocketPort {

    /** Binds to a local address before connecting. */
    void bind(SocketAddress local) throws IOException;

    /**
     * Starts to connect.
     *
     * @return true if connected at once, false if under way: call {@link #finishConnect} when ready to connect
     */
    boolean connect(SocketAddress remote) throws IOException;

    /**
     * Asks how the connecting went.
     *
     * @return true if connected, false if still under way
     */
    boolean finishConnect() throws IOException;

    /** Whether the socket is connected (it was accepted, or connecting has finished). */
    boolean isConnected();

    /** The peer's address, or null if not connected or unnamed. */
    @Nullable SocketAddress remoteAddress() throws IOException;

    /**
     * Reads once into {@code dst}, which has room.
     *
     * @return the count (at least 1), {@link #END} or {@link #WOULD_BLOCK}
     */
    int read(ByteBuffer dst) throws IOException;

    /**
     * Writes once from {@code src}, which has bytes.
     *
     * @return the count (at least 1) or {@link #WOULD_BLOCK}
     */
    int write(ByteBuffer src) throws IOException;

    /**
     * Writes once from {@code count} buffers in order, beginning with {@code srcs[0]}.
     *
     * @return the count (at least 1) or {@link #WOULD_BLOCK}
     */
    long gather(ByteBuffer[] srcs, int count) throws IOException;

    /** Ends the outgoing stream: the peer reads an end behind all that was written. */
    void shutdownOutput() throws IOException;

    /**
     * Makes the coming {@link #close} a reset, so that the peer's application reads an error and not an end of the
     * stream. The queue calls it before it closes a socket whose accepted bytes were not all written.
     *
     * @return false if a socket of this kind cannot be reset; a Unix-domain socket is one: its peer reads an end of the
     *     stream, unless this socket has unread input
     */
    default boolean resetOnClose() throws IOException {
        boolean canReset = supportedOptions().contains(StandardSocketOptions.SO_LINGER);
        if (canReset) {
            option(StandardSocketOptions.SO_LINGER, 0);
        }
        return canReset;
    }
}
