package io.github.ioqueue.ssl;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one observation point of TLS: called for every handshake and every step of an engine. Metrics, timelines and tests
 * stand on it; {@link TlsLayer#of(io.github.ioqueue.ssl.tls.TlsContext, TlsProbe)} puts one in.
 *
 * <p>Calls for one socket come one at a time, on the polling thread; steps of a handshake come on the thread that does
 * it. A probe must not call back into the socket, but for what tells about it, nor throw.
 */
public interface TlsProbe {

    /** Observes nothing. */
    TlsProbe NONE = new TlsProbe() {};

    /** What an engine was asked to do. */
    enum Call {
        /** To decrypt. */
        RECEIVE,
        /** To encrypt. */
        SEND,
        /** To say what the protocol has to say. */
        FLUSH
    }

    /** A handshake begins. */
    default void handshakeBegins(SslSocket socket) {}

    /**
     * The engine has made a step.
     *
     * @param consumed bytes taken: ciphertext of {@code RECEIVE}, plaintext of {@code SEND}
     * @param produced bytes made: plaintext of {@code RECEIVE}, ciphertext of the others
     */
    default void stepped(SslSocket socket, Call call, Step step, int consumed, int produced) {}

    /**
     * The handshake is over. When it is done, {@link SslSocket#session} tells with what.
     *
     * @param nanos how long it took, by the queue's clock
     * @param failure null when it is done, else why the connection closes
     */
    default void handshakeEnds(SslSocket socket, long nanos, @Nullable CloseReason failure) {}

    /** Puts several where one is taken; they are told in this order. */
    static TlsProbe all(TlsProbe... probes) {
        List<TlsProbe> each = List.of(probes);
        return new TlsProbe() {
            @Override
            public void handshakeBegins(SslSocket socket) {
                each.forEach(probe -> probe.handshakeBegins(socket));
            }

            @Override
            public void stepped(SslSocket socket, Call call, Step step, int consumed, int produced) {
                each.forEach(probe -> probe.stepped(socket, call, step, consumed, produced));
            }

            @Override
            public void handshakeEnds(SslSocket socket, long nanos, @Nullable CloseReason failure) {
                each.forEach(probe -> probe.handshakeEnds(socket, nanos, failure));
            }
        };
    }
}
