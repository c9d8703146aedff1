package io.github.ioqueue.activesock;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much is queued for sending, and whether somebody was refused: one atomic long, so that a refusal and the draining
 * that ends it cannot miss each other. Were the promise kept beside the count, a thread could be refused, the queue
 * drain below the mark, and the promise be noted only then: nobody would keep it.
 *
 * <pre>
 *   bit 63 ........ 24 | 23 ....... 1 | 0
 *          bytes       |    sends     | refused: onWritable is owed
 * </pre>
 *
 * Any thread.
 */
final class SendBudget {

    private static final int BYTES_SHIFT = 24;
    private static final long ONE_SEND = 2;
    private static final long SENDS_MASK = (1L << BYTES_SHIFT) - ONE_SEND;
    private static final long REFUSED = 1;

    private final long maxBytes;
    private final long maxSends;
    private final AtomicLong state = new AtomicLong();

    SendBudget(long maxBytes, long maxSends) {
        this.maxBytes = maxBytes;
        this.maxSends = Math.min(maxSends, SENDS_MASK >> 1);
    }

    /** Reserves room for a send, or notes the refusal. What is larger than the limit fits when nothing is queued. */
    boolean reserve(long bytes) {
        for (; ; ) {
            long now = state.get();
            boolean fits = sends(now) == 0 || (bytes(now) + bytes <= maxBytes && sends(now) < maxSends);
            long next = fits ? now + (bytes << BYTES_SHIFT) + ONE_SEND : now | REFUSED;
            if (next == now || state.compareAndSet(now, next)) {
                return fits;
            }
        }
    }

    /** Gives the room of a send back; answers whether {@code onWritable} is due now. */
    boolean release(long bytes) {
        for (; ; ) {
            long now = state.get();
            long next = now - (bytes << BYTES_SHIFT) - ONE_SEND;
            boolean due = (now & REFUSED) != 0 && bytes(next) <= maxBytes / 2 && sends(next) <= maxSends / 2;
            if (due) {
                next &= ~REFUSED;
            }
            if (state.compareAndSet(now, next)) {
                return due;
            }
        }
    }

    /** A send has become part of another: its bytes stay, its place is free. */
    void join() {
        state.getAndAdd(-ONE_SEND);
    }

    long bytes() {
        return bytes(state.get());
    }

    boolean isEmpty() {
        return sends(state.get()) == 0;
    }

    private static long bytes(long value) {
        return value >>> BYTES_SHIFT;
    }

    private static long sends(long value) {
        return (value & SENDS_MASK) >> 1;
    }

    @Override
    public String toString() {
        long now = state.get();
        return bytes(now) + " bytes in " + sends(now) + " sends" + ((now & REFUSED) != 0 ? ", refusing" : "");
    }
}
