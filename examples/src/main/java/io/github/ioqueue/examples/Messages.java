package io.github.ioqueue.examples;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * The messages of the demo: lengths and content follow from a seed, the connection and the number of the message, so that
 * whoever receives one knows each byte of it. Immutable; any thread.
 *
 * <pre>
 *   length (4 bytes, big endian) | so many bytes of content
 * </pre>
 */
final class Messages {

    static final int HEADER = 4;
    static final int LONGEST = 200 << 10;

    /** Where contents may begin; a prime, so that neighbours begin at places far apart. */
    private static final int PLACES = 1_048_573;

    private final long seed;
    private final ByteBuffer content;

    Messages(long seed) {
        this.seed = seed;
        byte[] bytes = new byte[PLACES + LONGEST];
        new SplittableRandom(seed).nextBytes(bytes);
        content = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Whether a connection has long messages and small socket buffers, so that its writes cannot finish at once. */
    static boolean isNarrow(int connection) {
        return connection % 4 == 0;
    }

    /** The length of a message's content; 0 occurs, too. */
    int length(int connection, long number) {
        long bits = hash(connection, 2 * number);
        int kind = (int) (bits & 0xf);
        int size = (int) (bits >>> 32);
        int bound = isNarrow(connection)
                ? (kind < 12 ? 4 << 10 : LONGEST)
                : (kind < 12 ? 256 : kind < 15 ? 4 << 10 : 24 << 10);
        return Math.floorMod(size, bound + 1);
    }

    /** Puts the whole message, header and content. */
    void put(int connection, long number, ByteBuffer dst) {
        int length = length(connection, number);
        dst.putInt(length).put(view(content.duplicate(), connection, number, 0, length));
    }

    /** A view of the content for {@link #matches}, of the caller's own. */
    ByteBuffer newView() {
        return content.duplicate();
    }

    /** Whether the next bytes of {@code in}, so many, are those of the message from a place of its content on. */
    boolean matches(ByteBuffer in, int bytes, ByteBuffer view, int connection, long number, int from) {
        int limit = in.limit();
        in.limit(in.position() + bytes);
        boolean equal = in.equals(view(view, connection, number, from, bytes));
        in.limit(limit);
        return equal;
    }

    private ByteBuffer view(ByteBuffer view, int connection, long number, int from, int bytes) {
        int place = (int) Math.floorMod(hash(connection, 2 * number + 1), (long) PLACES) + from;
        return view.limit(place + bytes).position(place);
    }

    /** SplitMix64's finalizer over the three. */
    private long hash(int connection, long number) {
        long z = seed + 0x9E3779B97F4A7C15L * (number * 65_537 + connection + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
