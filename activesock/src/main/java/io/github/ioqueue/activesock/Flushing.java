package io.github.ioqueue.activesock;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoTimer;
import java.time.Duration;

/**
 * The orderly close of a socket, from {@code close()} to the closing of its key.
 *
 * <pre>
 *   flush what was taken ---> end the outgoing stream ---> the peer's end comes ---> closed
 *           |                                                     |
 *           | deadline: reset, TIMED_OUT                          | deadline: closed all the same
 * </pre>
 *
 * Were the socket closed with bytes of the peer unread, or still to come, the system would answer them with a reset, and
 * a reset takes from the peer what it has not read yet (RFC 1122, 4.2.2.13). So our end is told first, and what the peer
 * still sends is read and dropped until its end has come. Polling thread only.
 */
final class Flushing {

    private final ActiveSocket socket;
    private final CloseReason reason;
    private final Duration timeout;
    private final IoTimer deadline;
    private boolean lingering;

    Flushing(ActiveSocket socket, CloseReason reason, Duration timeout) {
        this.socket = socket;
        this.reason = reason;
        this.timeout = timeout;
        this.deadline = socket.queue().schedule(timeout.toNanos(), this::timedOut);
    }

    /** Nothing is queued for sending any more. */
    void flushed(boolean peerEnded) {
        if (peerEnded) {
            socket.end(reason, false);
        } else if (!lingering) {
            lingering = true;
            socket.endOutput();
        }
    }

    private void timedOut() {
        if (lingering) {
            socket.end(reason, false);
        } else {
            socket.end(
                    CloseReason.of(new DeadlineException(
                            "close: " + socket.queuedBytes() + " bytes not taken by the peer within " + timeout)),
                    true);
        }
    }

    /** The socket is closed. */
    void over() {
        deadline.cancel();
    }
}
