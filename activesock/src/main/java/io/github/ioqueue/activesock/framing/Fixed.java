package io.github.ioqueue.activesock.framing;

import java.nio.ByteBuffer;

/** Frames of one size. */
record Fixed(int maxBytes) implements Framing {

    Fixed {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a frame has at least one byte, not " + maxBytes);
        }
    }

    @Override
    public Framer framer() {
        return new Cutter(maxBytes);
    }

    @Override
    public void encode(ByteBuffer payload, ByteBuffer out) {
        requireSize(payload);
        Payloads.put(payload, out);
    }

    @Override
    public int encodedBytes(ByteBuffer payload) {
        requireSize(payload);
        return maxBytes;
    }

    private void requireSize(ByteBuffer payload) {
        if (payload.remaining() != maxBytes) {
            throw new IllegalArgumentException(
                    "a frame has " + maxBytes + " bytes, and this payload " + payload.remaining());
        }
    }

    /** Needs no more than to count. */
    private static final class Cutter implements Framer {

        private final int bytes;
        private int start;

        Cutter(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean find(ByteBuffer in) {
            start = in.position();
            return in.remaining() >= bytes;
        }

        @Override
        public int start() {
            return start;
        }

        @Override
        public int limit() {
            return start + bytes;
        }

        @Override
        public int next() {
            return start + bytes;
        }
    }
}
