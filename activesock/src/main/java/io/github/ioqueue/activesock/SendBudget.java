package io.github.ioqueue.activesock;

import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much is queued for sending, and whether somebody was refused: one atomic long, so that a refusal and the draining
 * that ends it cannot miss each other. Were the promise kept beside the count, a thread could be refused, the queue
 * drain below the mark, and the promise be noted only then: nobody would keep it.
 *
 * <pre>
 *   bit 63 ........ 24 | 23 ....... 2 |  1   | 0
 *          bytes       |    sends     | shut | refused: onWritable is owed
 * </pre>
 *
 * For those who write a {@link StreamSocket} of their own. Any thread.
 */
public final class SendBudget {

    private static final int BYTES_SHIFT = 24;
    private static final long ONE_SEND = 4;
    private static final long SENDS_MASK = (1L << BYTES_SHIFT) - ONE_SEND;
    private static final long SHUT = 2;
    private static final long REFUSED = 1;

    private final long maxBytes;
    private final long maxSends;
    private final AtomicLong state = new AtomicLong();

    /** Creates an empty one with the limits of {@link StreamConfig}. */
    public SendBudget(StreamConfig config) {
        this.maxBytes = config.maxQueuedBytes();
        this.maxSends = Math.min(config.maxQueuedSends(), sends(SENDS_MASK));
    }

    /**
     * Reserves room for a send: {@code TAKEN}; or notes the refusal: {@code FULL}; or is shut: {@code CLOSED}. What is
     * larger than the limit fits when nothing is queued.
     */
    public Sent reserve(long bytes) {
        for (; ; ) {
            long now = state.get();
            if ((now & SHUT) != 0) {
                return Sent.CLOSED;
            }
            boolean fits = sends(now) == 0 || (bytes(now) + bytes <= maxBytes && sends(now) < maxSends);
            long next = fits ? now + (bytes << BYTES_SHIFT) + ONE_SEND : now | REFUSED;
            if (next == now || state.compareAndSet(now, next)) {
                return fits ? Sent.TAKEN : Sent.FULL;
            }
        }
    }

    /** Gives the room of a send back; answers whether {@code onWritable} is due now. */
    public boolean release(long bytes) {
        for (; ; ) {
            long now = state.get();
            long next = now - (bytes << BYTES_SHIFT) - ONE_SEND;
            boolean due =
                    (now & (REFUSED | SHUT)) == REFUSED && bytes(next) <= maxBytes / 2 && sends(next) <= maxSends / 2;
            if (due) {
                next &= ~REFUSED;
            }
            if (state.compareAndSet(now, next)) {
                return due;
            }
        }
    }

    /** A send has become part of another: its bytes stay, its place is free. */
    public void join() {
        state.getAndAdd(-ONE_SEND);
    }

    /** From here on every {@link #reserve} answers {@code CLOSED}; what is reserved stays so until released. */
    public void shut() {
        state.getAndUpdate(now -> now | SHUT);
    }

    /** Whether it is shut. */
    public boolean isShut() {
        return (state.get() & SHUT) != 0;
    }

    /** How many bytes are reserved. */
    public long bytes() {
        return bytes(state.get());
    }

    /** How many sends have reserved room, those of threads that are inside the send too. */
    public long sends() {
        return sends(state.get());
    }

    /** Whether nothing is reserved, not even for an empty send. */
    public boolean isEmpty() {
        return sends(state.get()) == 0;
    }

    private static long bytes(long value) {
        return value >>> BYTES_SHIFT;
    }

    private static long sends(long value) {
        return (value & SENDS_MASK) / ONE_SEND;
    }

    @Override
    public String toString() {
        long now = state.get();
        return bytes(now) + " bytes in " + sends(now) + " sends" + ((now & REFUSED) != 0 ? ", refusing" : "")
                + ((now & SHUT) != 0 ? ", shut" : "");
    }
}
