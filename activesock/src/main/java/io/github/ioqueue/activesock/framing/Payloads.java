package io.github.ioqueue.activesock.framing;

import java.nio.ByteBuffer;

/** What the framings do with payloads. */
final class Payloads {

    private Payloads() {}

    /** Copies what remains; the payload's position stays. */
    static void put(ByteBuffer payload, ByteBuffer out) {
        int n = payload.remaining();
        out.put(out.position(), payload, payload.position(), n);
        out.position(out.position() + n);
    }

    static int requireMax(int maxPayload, int around) {
        if (maxPayload < 1 || maxPayload > Integer.MAX_VALUE - around) {
            throw new IllegalArgumentException("a maximum is at least 1 and fits an int, not " + maxPayload);
        }
        return maxPayload;
    }

    static void requireFit(ByteBuffer payload, int maxPayload) {
        if (payload.remaining() > maxPayload) {
            throw new IllegalArgumentException(
                    "a payload has at most " + maxPayload + " bytes, and this one " + payload.remaining());
        }
    }
}
