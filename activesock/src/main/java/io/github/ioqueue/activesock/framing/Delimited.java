package io.github.ioqueue.activesock.framing;

import java.nio.ByteBuffer;

/**
 * A delimiter behind each payload. Lines are received with LF or CR LF, and sent with CR LF. What has been looked at and has
 * no delimiter is not looked at again, so that a peer that sends byte by byte costs no more than another.
 */
final class Delimited implements Framing {

    private static final byte[] LF = {'\n'};
    private static final byte[] CR_LF = {'\r', '\n'};

    private final byte[] received;
    private final byte[] sent;
    private final boolean lines;
    private final int maxPayload;

    private Delimited(byte[] received, byte[] sent, boolean lines, int maxPayload) {
        this.received = received;
        this.sent = sent;
        this.lines = lines;
        this.maxPayload = Payloads.requireMax(maxPayload, sent.length);
    }

    static Delimited lines(int maxPayload) {
        return new Delimited(LF, CR_LF, true, maxPayload);
    }

    static Delimited by(byte[] delimiter, int maxPayload) {
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("a delimiter has at least one byte");
        }
        byte[] own = delimiter.clone();
        return new Delimited(own, own, false, maxPayload);
    }

    @Override
    public int maxBytes() {
        return maxPayload + sent.length;
    }

    @Override
    public int encodedBytes(ByteBuffer payload) {
        Payloads.requireFit(payload, maxPayload);
        return payload.remaining() + sent.length;
    }

    @Override
    public void encode(ByteBuffer payload, ByteBuffer out) {
        Payloads.requireFit(payload, maxPayload);
        int start = out.position();
        Payloads.put(payload, out);
        out.put(sent);
        // In what is sent, too: the end of a payload and the beginning of the delimiter can be one between them.
        int first = indexOf(out, start, out.position());
        if (first != out.position() - received.length) {
            out.position(start);
            throw new IllegalArgumentException("the payload has a delimiter in it, at " + (first - start));
        }
    }

    /** Where the delimiter is first found whole in these bytes; -1 if nowhere. */
    private int indexOf(ByteBuffer in, int from, int to) {
        byte last = received[received.length - 1];
        for (int end = from + received.length; end <= to; end++) {
            if (in.get(end - 1) == last && isAt(in, end - received.length)) {
                return end - received.length;
            }
        }
        return -1;
    }

    private boolean isAt(ByteBuffer in, int index) {
        for (int i = 0; i < received.length; i++) {
            if (in.get(index + i) != received[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Framer framer() {
        return new Scanner();
    }

    private final class Scanner implements Framer {

        /** So many bytes at the front are known to begin no delimiter. */
        private int scanned;

        private int start;
        private int limit;
        private int next;

        @Override
        public boolean find(ByteBuffer in) throws FrameException {
            start = in.position();
            int index = indexOf(in, start + scanned, in.limit());
            if (index < 0) {
                scanned = Math.max(0, in.remaining() - received.length + 1);
                requireShort(in.remaining() - (sent.length - 1));
                return false;
            }
            scanned = 0;
            next = index + received.length;
            limit = lines && index > start && in.get(index - 1) == '\r' ? index - 1 : index;
            requireShort(limit - start);
            return true;
        }

        private void requireShort(int payload) throws FrameException {
            if (payload > maxPayload) {
                throw new FrameException((lines ? "a line" : "a frame") + " of " + payload + " bytes or more; up to "
                        + maxPayload + " are allowed");
            }
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
            return next;
        }
    }
}
