package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsEngine;
import java.io.IOException;

/**
 * The end of a connection that a {@link PeerScript} plays: it can speak TLS by an honest engine, and send any bytes besides.
 * There is one beside an engine alone, and one on a real socket. One thread.
 */
public interface PeerEnd {

    /** The engine that speaks for it. */
    TlsEngine engine();

    /** What the engine has to say by itself: a client's hello, or an alert. It is not sent, and can be changed. */
    byte[] takeSaid();

    /** Sends bytes as they are. The other end deals with them before this returns, if it is an engine alone. */
    void send(byte[] bytes) throws IOException;

    /** Lets the engine hear what the other end has said; answers whether it said anything. */
    boolean listen() throws IOException;

    /** Has the engine encrypt this; it goes with {@link #takeSaid}. */
    void encrypt(byte[] plaintext);

    /** Ends the outgoing stream. */
    void end() throws IOException;

    /** Tears the connection down. */
    void reset() throws IOException;

    // ---- of these

    /** Sends what the engine has to say. */
    default void say() throws IOException {
        byte[] bytes = takeSaid();
        if (bytes.length > 0) {
            send(bytes);
        }
    }

    /** Speaks until the handshake is done here, and what has to be said about it is said. */
    default void handshake() throws IOException {
        say();
        while (!engine().handshakeDone()) {
            if (!listen()) {
                throw new IOException("the other end does not go on with the handshake");
            }
            say();
        }
    }
}
