package io.github.ioqueue.ssl.tls;

import java.time.Duration;

/**
 * How sessions are remembered for resumption, by a context, for all its connections.
 *
 * @param size how many at most; 0: none, every handshake is a full one
 * @param timeout for how long
 */
public record SessionCache(int size, Duration timeout) {

    /** RFC 8446, 4.6.1: no ticket lives longer. */
    private static final Duration LONGEST = Duration.ofDays(7);

    /** Checks. */
    public SessionCache {
        if (size < 0) {
            throw new IllegalArgumentException("a session cache of " + size);
        }
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a session lives a second to " + LONGEST.toDays() + " days, not " + timeout);
        }
    }

    /** 10,000 sessions for an hour. */
    public static SessionCache defaults() {
        return new SessionCache(10_000, Duration.ofHours(1));
    }

    /** Remembers nothing. */
    public static SessionCache none() {
        return new SessionCache(0, Duration.ofHours(1));
    }

    /** Whether sessions are resumed. */
    public boolean isOn() {
        return size > 0;
    }
}
