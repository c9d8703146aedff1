package io.github.ioqueue;

/**
 * Whether {@link IoKey#submit} tries the system call at once. On or off, a correct program sees the same bytes and the
 * same completions; only when and where an outcome shows differs. Immutable.
 */
public final class FastTrack {

    /** Every op that may go at once is tried at once. */
    public static final FastTrack ON = new FastTrack("on", 0, Long.MAX_VALUE);

    /** No op is tried in {@code submit}: all take the pending path. */
    public static final FastTrack OFF = new FastTrack("off", 0, Long.MIN_VALUE);

    private final String name;
    private final long seed;
    private final long below;

    private FastTrack(String name, long seed, long below) {
        this.name = name;
        this.seed = seed;
        this.below = below;
    }

    /**
     * Decides op by op, half for and half against. The seed, the number of the key and a count of the key's ops that could
     * be tried at once decide. So a program on one thread gets the same decisions again under the same seed.
     */
    public static FastTrack random(long seed) {
        return new FastTrack("random:" + seed, seed, 0);
    }

    /**
     * Reads {@code on}, {@code off} or {@code random:SEED}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static FastTrack parse(String text) {
        if (text.equals("on")) {
            return ON;
        }
        if (text.equals("off")) {
            return OFF;
        }
        if (text.startsWith("random:")) {
            return random(Long.parseLong(text.substring("random:".length())));
        }
        throw new IllegalArgumentException("fast track is on, off or random:SEED, not \"" + text + "\"");
    }

    /** The one decision: may op number {@code opNumber} of key number {@code keyNumber} be tried at once? */
    boolean inline(long keyNumber, long opNumber) {
        return below == Long.MAX_VALUE || (below == 0 && mix(seed ^ mix(keyNumber) ^ mix(~opNumber)) < 0);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** {@code on}, {@code off} or {@code random:SEED}, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return name;
    }
}
