package io.github.ioqueue.activesock;

import org.jspecify.annotations.Nullable;

/**
 * Something between a socket and its user, such as TLS: it hears the events of the socket below first, and offers a
 * {@link StreamSocket} of its own to the handler above, which hears of nothing else.
 *
 * <pre>
 *   handler above        StreamHandler    of the user, or of the next layer
 *        |
 *      layer             StreamSocket above, StreamHandler below
 *        |
 *   socket below         StreamSocket     plain, or of another layer
 * </pre>
 *
 * {@link Connector#through} and {@link Listener#through} put one in.
 */
public interface StreamLayer {

    /** No layer at all. */
    StreamLayer NONE = new StreamLayer() {
        @Override
        public StreamHandler connecting(StreamHandler above, StreamConfig config, @Nullable String host, int port) {
            return above;
        }

        @Override
        public StreamHandler accepting(StreamHandler above, StreamConfig config) {
            return above;
        }
    };

    /**
     * The handler below, for a connection that is opened here. If it is never opened, the handler above hears {@link
     * StreamHandler#onClosed} with the socket below.
     *
     * @param config the limits and habits of the socket above
     * @param host the name or address to connect to, as the user gave it; null if the address has none
     */
    StreamHandler connecting(StreamHandler above, StreamConfig config, @Nullable String host, int port);

    /** The handler below, for a connection that was accepted. */
    StreamHandler accepting(StreamHandler above, StreamConfig config);
}
