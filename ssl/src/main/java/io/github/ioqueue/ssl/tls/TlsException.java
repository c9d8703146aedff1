package io.github.ioqueue.ssl.tls;

import java.io.IOException;
import java.io.Serial;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A TLS connection has failed, or cannot be made: why, and who is to blame. */
public final class TlsException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Whose fault a failure is. */
    public enum Blame {
        /** The other end of the connection. */
        PEER,
        /** This end: its configuration, or how it is used. */
        LOCAL,
        /** Whatever lies between: the connection ended, or nothing came in time. */
        NETWORK,
        /** The implementation of TLS: a bug. */
        BACKEND
    }

    /** What happened. */
    public enum Reason {
        /** The peer said by an alert that it will not go on; the message names the alert. */
        PEER_ALERT(Blame.PEER),
        /** What came is not TLS at all. */
        NOT_TLS(Blame.PEER),
        /** What came breaks the protocol. */
        PEER_MISBEHAVED(Blame.PEER),
        /** The peer's certificate does not lead to an authority that is trusted. */
        UNTRUSTED(Blame.PEER),
        /** A certificate of the peer's has expired, or is not valid yet. */
        EXPIRED(Blame.PEER),
        /** The peer's certificate is good, but for another name or address. */
        WRONG_NAME(Blame.PEER),
        /** The peer's certificate is bad in another way, or is missing. */
        BAD_CERTIFICATE(Blame.PEER),
        /** The two ends have no version, cipher suite or application protocol in common. */
        NOTHING_IN_COMMON(Blame.PEER),
        /** The peer wants to negotiate again, which is refused. */
        RENEGOTIATION(Blame.PEER),
        /** The peer has ended the connection by close_notify: what was to be sent cannot be any more. */
        PEER_CLOSED(Blame.PEER),
        /**
         * The connection ended, and no close_notify was read: what came may be less than what was sent (RFC 8446, 6.1).
         */
        TRUNCATED(Blame.NETWORK),
        /** As many handshakes are under way as may be. */
        TOO_MANY_HANDSHAKES(Blame.LOCAL),
        /** The configuration cannot be honoured, or is not good. */
        BAD_CONFIGURATION(Blame.LOCAL),
        /** The implementation threw, or broke its contract. */
        BACKEND_FAULT(Blame.BACKEND);

        private final Blame blame;

        Reason(Blame blame) {
            this.blame = blame;
        }

        /** Whose fault that is. */
        public Blame blame() {
            return blame;
        }
    }

    private final Reason reason;

    /** Creates a failure; the message says what was wrong, without the reason. */
    public TlsException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure with the exception behind it. */
    public TlsException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + message, cause);
        this.reason = reason;
    }

    /** What happened. */
    public Reason reason() {
        return reason;
    }

    /** Whose fault it is. */
    public Blame blame() {
        return reason.blame();
    }
}
