package io.github.ioqueue.spi;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking socket: what all kinds share. The system calls that move data stand in {@link StreamPort}, {@link
 * ListenerPort} and {@link DatagramPort}; each tries once and answers at once.
 *
 * <p>The queue never makes two calls of the same direction at a time on one port, and closes a port only when no call
 * is under way. A failure that the peer caused by a reset is an {@link java.io.IOException} of the kind the library
 * gives for resets; every other failure is an {@code IOException} with the system's text.
 */
public interface SocketPort {

    /** The answer of a call that could not go on without waiting: nothing happened, ask again when ready. */
    int WOULD_BLOCK = -2;

    /** The answer of a read at the end of the peer's stream. */
    int END = -1;

    /** Sets an option; throws {@link UnsupportedOperationException} if it is not in {@link #supportedOptions}. */
    <T> void option(SocketOption<T> name, T value) throws IOException;

    /** Reads an option; throws {@link UnsupportedOperationException} if it is not in {@link #supportedOptions}. */
    <T> @Nullable T option(SocketOption<T> name) throws IOException;

    /** The options this socket knows on this platform. */
    Set<SocketOption<?>> supportedOptions();

    /** The bound address, or null if unbound or unnamed. */
    @Nullable SocketAddress localAddress() throws IOException;

    /**
     * Closes the socket; idempotent. When the port is registered, the descriptor may be given back only by the
     * demultiplexer's next wait.
     */
    void close() throws IOException;
}
