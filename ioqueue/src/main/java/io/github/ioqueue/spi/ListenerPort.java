package io.github.ioqueue.spi;

import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A non-blocking listening socket. */
public interface ListenerPort extends SocketPort {

    /**
     * Binds and listens.
     *
     * @param backlog how many connections may wait to be accepted; 0 for the system's default
     */
    void bind(SocketAddress local, int backlog) throws IOException;

    /**
     * Accepts one connection.
     *
     * @return the connected socket in non-blocking mode, or null if none waits
     * @throws IOException if accepting failed; the listener itself stays usable
     */
    @Nullable StreamPort accept() throws IOException;
}
