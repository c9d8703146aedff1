package io.github.ioqueue.activesock;

import java.io.IOException;
import java.net.SocketAddress;

/** What an {@link ActiveListener} tells its user. */
@FunctionalInterface
public interface AcceptHandler {

    /**
     * A connection was accepted: answers the handler for it. Runs on the polling thread of the socket's own queue, before
     * its {@link StreamHandler#onOpen}. When it throws, the connection is aborted.
     */
    StreamHandler onAccept(StreamSocket accepted);

    /**
     * Whether a connection from this address is let in; if not it is reset at once, before anything is read or set up for
     * it. On the listener's loop. When it throws, the connection is refused and the failure told.
     */
    default boolean admits(SocketAddress remote) {
        return true;
    }

    /**
     * Accepting failed, for instance for want of descriptors, and is tried again after a pause; or the layer could not
     * open the connection that was accepted, for instance because the TLS handshake failed. On the listener's loop.
     */
    default void onAcceptFailed(ActiveListener listener, IOException failure) {}

    /** The listener is closed; connections it accepted go on. Once. On the listener's loop. */
    default void onClosed(ActiveListener listener) {}
}
