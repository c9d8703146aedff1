package io.github.ioqueue;

/** What ended a wait of the polling thread: see {@link QueueProbe#polled}. */
public enum WaitEnd {
    /** Sockets were found ready. */
    READY,
    /** Another thread had something to do for the loop. */
    WOKEN,
    /** The time was over: of the next timer, or of the poll. */
    TIMEOUT,
    /** There was no wait, only a look: something was owed. */
    LOOKED,
    /** The polling thread was interrupted. */
    INTERRUPTED,
    /** Nothing of these: the system returned too early. Many in a row are a fault of the system, and a busy loop. */
    EARLY
}
