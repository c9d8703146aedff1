package io.github.ioqueue.activesock;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.ResetException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a socket was closed (R14). The first reason stays.
 *
 * @param kind tells the ways apart
 * @param cause the failure behind it; null for {@code LOCAL} and {@code PEER_END}
 * @param unsentBytes how many bytes were accepted for sending and not handed to the kernel. If there are any, the peer sees
 *     no clean end, but a reset, or with TLS an alert (R13). A plain Unix-domain socket cannot be reset
 */
public record CloseReason(Kind kind, @Nullable Throwable cause, long unsentBytes) {

    /** The ways a socket ends. */
    public enum Kind {
        /** Closed or aborted by this end, or with its queue; bytes may be unsent. */
        LOCAL,
        /** The peer ended its stream cleanly, then it was closed here. */
        PEER_END,
        /** The peer tore the connection down. */
        RESET,
        /** The peer's stream ended without the sign of its end that the protocol demands. */
        TRUNCATED,
        /** A deadline passed; the cause says which. */
        TIMED_OUT,
        /** The handler left as many bytes unread as are allowed, and took nothing. */
        REMAINDER_FULL,
        /** Anything else: the cause says what. */
        FAILED
    }

    static final CloseReason LOCAL = new CloseReason(Kind.LOCAL, null);
    static final CloseReason PEER_END = new CloseReason(Kind.PEER_END, null);

    /** A reason with all accepted bytes handed to the kernel. */
    public CloseReason(Kind kind, @Nullable Throwable cause) {
        this(kind, cause, 0);
    }

    /** The same reason with this number of unsent bytes. */
    public CloseReason withUnsentBytes(long bytes) {
        return bytes == unsentBytes ? this : new CloseReason(kind, cause, bytes);
    }

    /** The reason that a failure amounts to. */
    public static CloseReason of(Throwable failure) {
        if (failure instanceof ResetException) {
            return new CloseReason(Kind.RESET, failure);
        }
        return new CloseReason(failure instanceof DeadlineException ? Kind.TIMED_OUT : Kind.FAILED, failure);
    }

    /** The reason when a handler left this many bytes unread, as many as are allowed, and took none. */
    public static CloseReason remainderFull(int bytes) {
        return new CloseReason(
                Kind.REMAINDER_FULL, new IOException(bytes + " bytes unread, and the handler takes none of them"));
    }

    /** The kind, the cause if there is one, and the number of unsent bytes if there are any. */
    @Override
    public String toString() {
        return kind
                + (cause == null ? "" : " (" + cause.getMessage() + ")")
                + (unsentBytes == 0 ? "" : ", " + unsentBytes + " bytes were not sent");
    }
}
