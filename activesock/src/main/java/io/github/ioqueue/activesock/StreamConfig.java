package io.github.ioqueue.activesock;

import java.time.Duration;
import java.util.Objects;

/**
 * Limits and habits of a stream socket. Start from {@link #defaults()} or {@link #forServers()} and change what differs by
 * the {@code with} methods. A deadline that has passed resets the connection, with the reason {@code TIMED_OUT}; {@link
 * Duration#ZERO} is no deadline, for the three that have the word.
 *
 * @param maxQueuedBytes more than this is never queued for sending, but for one single send; default 1 MiB
 * @param maxQueuedSends more system-level writes than this are never queued; default 1024
 * @param maxUnread a handler that leaves this many bytes unread and takes nothing has its socket closed, so a message is
 *     smaller than this; default 64 KiB
 * @param closeTimeout how long {@link StreamSocket#close} waits without progress: for the kernel to take a byte, then for the
 *     peer's end (R15); default 10 s
 * @param closeLimit how long {@link StreamSocket#close} may take until the kernel has everything; default 5 min
 * @param idleTimeout how long nothing may come and nothing go, also while reading is paused, or zero; default none, for
 *     servers 10 min
 * @param readTimeout how long nothing may come while the socket is reading, or zero; default none
 * @param stallTimeout how long the peer may take nothing of what is queued, or zero; default 1 min
 * @param noDelay sets TCP_NODELAY: sends of one turn are gathered anyway, so that Nagle's algorithm only delays; default
 *     true
 */
public record StreamConfig(
        int maxQueuedBytes,
        int maxQueuedSends,
        int maxUnread,
        Duration closeTimeout,
        Duration closeLimit,
        Duration idleTimeout,
        Duration readTimeout,
        Duration stallTimeout,
        boolean noDelay) {

    private static final StreamConfig DEFAULTS = new StreamConfig(
            1 << 20,
            1024,
            64 << 10,
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(1),
            true);

    private static final StreamConfig FOR_SERVERS = DEFAULTS.withIdleTimeout(Duration.ofMinutes(10));

    /** Checks the values. */
    public StreamConfig {
        if (maxQueuedBytes < 1 || maxQueuedSends < 1 || maxUnread < 1) {
            throw new IllegalArgumentException("limits are positive, not " + maxQueuedBytes + " bytes, "
                    + maxQueuedSends + " sends, " + maxUnread + " unread");
        }
        requireDuration(closeTimeout, "closeTimeout");
        requireDuration(closeLimit, "closeLimit");
        requireDuration(idleTimeout, "idleTimeout");
        requireDuration(readTimeout, "readTimeout");
        requireDuration(stallTimeout, "stallTimeout");
    }

    private static void requireDuration(Duration value, String name) {
        if (Objects.requireNonNull(value, name).isNegative() || value.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new IllegalArgumentException(name + " is from zero to a hundred years, not " + value);
        }
    }

    /** The defaults. */
    public static StreamConfig defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults for connections that anybody may open, as a {@link Listener} has them: one that is idle for ten minutes
     * gives its place to another.
     */
    public static StreamConfig forServers() {
        return FOR_SERVERS;
    }

    /** With other limits of what is queued for sending. */
    public StreamConfig withMaxQueued(int bytes, int sends) {
        return with(bytes, sends, maxUnread, noDelay);
    }

    /** With another limit of unread bytes. */
    public StreamConfig withMaxUnread(int bytes) {
        return with(maxQueuedBytes, maxQueuedSends, bytes, noDelay);
    }

    /** With another time for a close to make no progress. */
    public StreamConfig withCloseTimeout(Duration timeout) {
        return with(timeout, closeLimit, idleTimeout, readTimeout, stallTimeout);
    }

    /** With another limit of the time for a whole close. */
    public StreamConfig withCloseLimit(Duration limit) {
        return with(closeTimeout, limit, idleTimeout, readTimeout, stallTimeout);
    }

    /** With another time without bytes in either direction. */
    public StreamConfig withIdleTimeout(Duration timeout) {
        return with(closeTimeout, closeLimit, timeout, readTimeout, stallTimeout);
    }

    /** With another time to wait for bytes. */
    public StreamConfig withReadTimeout(Duration timeout) {
        return with(closeTimeout, closeLimit, idleTimeout, timeout, stallTimeout);
    }

    /** With another time for the peer to take nothing. */
    public StreamConfig withStallTimeout(Duration timeout) {
        return with(closeTimeout, closeLimit, idleTimeout, readTimeout, timeout);
    }

    private StreamConfig with(Duration close, Duration limit, Duration idle, Duration read, Duration stall) {
        return new StreamConfig(maxQueuedBytes, maxQueuedSends, maxUnread, close, limit, idle, read, stall, noDelay);
    }

    private StreamConfig with(int queuedBytes, int queuedSends, int unread, boolean delayNone) {
        return new StreamConfig(
                queuedBytes,
                queuedSends,
                unread,
                closeTimeout,
                closeLimit,
                idleTimeout,
                readTimeout,
                stallTimeout,
                delayNone);
    }

    /** With TCP_NODELAY or without. */
    public StreamConfig withNoDelay(boolean on) {
        return with(maxQueuedBytes, maxQueuedSends, maxUnread, on);
    }
}
