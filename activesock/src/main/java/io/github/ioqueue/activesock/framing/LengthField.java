package io.github.ioqueue.activesock.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A length in front of each payload.
 *
 * <pre>
 *   | length: width bytes, unsigned | payload: length - surplus bytes |
 * </pre>
 *
 * @param width how many bytes the length has, 1 to 4
 * @param order which of them comes first
 * @param surplus what the length counts beyond the payload: the width, where it counts itself
 * @param maxPayload how many bytes a payload may have
 */
public record LengthField(int width, ByteOrder order, int surplus, int maxPayload) implements Framing {

    /** Checks that every length up to the maximum can be said. */
    public LengthField {
        Objects.requireNonNull(order, "order");
        if (width < 1 || width > 4) {
            throw new IllegalArgumentException("a length has 1 to 4 bytes, not " + width);
        }
        Payloads.requireMax(maxPayload, width);
        long largest = (1L << (8 * width)) - 1;
        if (surplus < 0 || (long) maxPayload + surplus > largest) {
            throw new IllegalArgumentException("a length of " + width + " bytes says 0 to " + largest
                    + ", and not that of " + maxPayload + " bytes with a surplus of " + surplus);
        }
    }

    static LengthField of(int width, int maxPayload) {
        return new LengthField(width, ByteOrder.BIG_ENDIAN, 0, maxPayload);
    }

    /** The lowest byte comes first. */
    public LengthField littleEndian() {
        return new LengthField(width, ByteOrder.LITTLE_ENDIAN, surplus, maxPayload);
    }

    /** The length counts its own bytes, too. */
    public LengthField countingItself() {
        return withSurplus(width);
    }

    /** The length counts so many bytes beyond the payload. */
    public LengthField withSurplus(int bytes) {
        return new LengthField(width, order, bytes, maxPayload);
    }

    @Override
    public int maxBytes() {
        return width + maxPayload;
    }

    @Override
    public int encodedBytes(ByteBuffer payload) {
        Payloads.requireFit(payload, maxPayload);
        return width + payload.remaining();
    }

    @Override
    public void encode(ByteBuffer payload, ByteBuffer out) {
        Payloads.requireFit(payload, maxPayload);
        long length = (long) payload.remaining() + surplus;
        for (int i = 0; i < width; i++) {
            out.put((byte) (length >>> shift(i)));
        }
        Payloads.put(payload, out);
    }

    /** By how many bits the i-th byte on the wire stands above the lowest. */
    private int shift(int i) {
        return 8 * (order == ByteOrder.BIG_ENDIAN ? width - 1 - i : i);
    }

    private long lengthAt(ByteBuffer in, int index) {
        long length = 0;
        for (int i = 0; i < width; i++) {
            length |= (in.get(index + i) & 0xFFL) << shift(i);
        }
        return length;
    }

    @Override
    public Framer framer() {
        return new Reader();
    }

    /** Nothing to remember but the last one found. */
    private final class Reader implements Framer {

        private int start;
        private int limit;

        @Override
        public boolean find(ByteBuffer in) throws FrameException {
            if (in.remaining() < width) {
                return false;
            }
            long payload = lengthAt(in, in.position()) - surplus;
            if (payload < 0 || payload > maxPayload) {
                throw new FrameException(
                        "a frame of " + payload + " bytes was announced; 0 to " + maxPayload + " are allowed");
            }
            start = in.position() + width;
            limit = start + (int) payload;
            return limit <= in.limit();
        }

        @Override
        public int start() {
            return start;
        }

        @Override
        public int limit() {
            return limit;
        }

        @Override
        public int next() {
            return limit;
        }
    }
}
