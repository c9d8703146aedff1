package io.github.ioqueue.activesock;

import java.time.Duration;
import java.util.Objects;

/**
 * Limits and habits of a stream socket. Start from {@link #defaults()} and change what differs by the {@code with}
 * methods. All limits are on by default.
 *
 * @param maxQueuedBytes more than this is never queued for sending, but for one single send; default 1 MiB
 * @param maxQueuedSends more system-level writes than this are never queued; default 1024
 * @param maxUnread a handler that leaves this many bytes unread and takes nothing has its socket closed, so a message is
 *     smaller than this; default 64 KiB
 * @param closeTimeout how long {@link StreamSocket#close} may take to flush and to wait for the peer's end; default
 *     10 s
 * @param noDelay sets TCP_NODELAY: sends of one turn are gathered anyway, so that Nagle's algorithm only delays; default
 *     true
 */
public record StreamConfig(
        int maxQueuedBytes, int maxQueuedSends, int maxUnread, Duration closeTimeout, boolean noDelay) {

    private static final StreamConfig DEFAULTS =
            new StreamConfig(1 << 20, 1024, 64 << 10, Duration.ofSeconds(10), true);

    /** Checks the values. */
    public StreamConfig {
        Objects.requireNonNull(closeTimeout, "closeTimeout");
        if (maxQueuedBytes < 1 || maxQueuedSends < 1 || maxUnread < 1 || closeTimeout.isNegative()) {
            throw new IllegalArgumentException("limits are positive, not " + maxQueuedBytes + " bytes, "
                    + maxQueuedSends + " sends, " + maxUnread + " unread, " + closeTimeout);
        }
    }

    /** The defaults. */
    public static StreamConfig defaults() {
        return DEFAULTS;
    }

    /** With other limits of what is queued for sending. */
    public StreamConfig withMaxQueued(int bytes, int sends) {
        return new StreamConfig(bytes, sends, maxUnread, closeTimeout, noDelay);
    }

    /** With another limit of unread bytes. */
    public StreamConfig withMaxUnread(int bytes) {
        return new StreamConfig(maxQueuedBytes, maxQueuedSends, bytes, closeTimeout, noDelay);
    }

    /** With another time to flush in when closing. */
    public StreamConfig withCloseTimeout(Duration timeout) {
        return new StreamConfig(maxQueuedBytes, maxQueuedSends, maxUnread, timeout, noDelay);
    }

    /** With TCP_NODELAY or without. */
    public StreamConfig withNoDelay(boolean on) {
        return new StreamConfig(maxQueuedBytes, maxQueuedSends, maxUnread, closeTimeout, on);
    }
}
