package io.github.ioqueue.activesock.framing;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;

/**
 * Where frames begin and end, for both directions, and how large their payload may be: there is no framing without a
 * maximum. Immutable; for any number of connections. Protocols with other borders implement it.
 */
public interface Framing {

    /** A framer for one connection. */
    Framer framer();

    /** The most bytes that a whole frame has, with all that is around its payload. */
    int maxBytes();

    /**
     * Writes a frame; the payload's position and limit stay.
     *
     * @param out has room for {@link #encodedBytes} more
     * @throws IllegalArgumentException if this cannot be a payload; nothing is written then
     */
    void encode(ByteBuffer payload, ByteBuffer out);

    /** So many bytes a frame with this payload has at most. */
    int encodedBytes(ByteBuffer payload);

    /**
     * Sends what remains in {@code payload} as one frame, all or nothing, in order with other sends of the socket. The
     * buffer is yours again when this returns, and used up if the answer is {@code TAKEN}. Any thread.
     *
     * @throws IllegalArgumentException if this cannot be a payload: too long, or a border inside
     */
    default Sent send(StreamSocket socket, ByteBuffer payload) {
        int bytes = encodedBytes(payload);
        boolean pooled = bytes <= IoQueue.LENT_BYTES && socket.queue().inLoop(); // beyond, the pool keeps none either
        BufferPool pool = pooled ? socket.queue().buffers() : null;
        ByteBuffer frame = pool != null ? pool.acquire(bytes) : ByteBuffer.allocate(bytes);
        try {
            encode(payload, frame);
            Sent sent = socket.send(frame.flip());
            if (sent == Sent.TAKEN) {
                payload.position(payload.limit());
            }
            return sent;
        } finally {
            if (pool != null) {
                pool.release(frame);
            }
        }
    }

    /** The configuration, with room enough for a frame that is not whole yet. */
    default StreamConfig fit(StreamConfig config) {
        return config.maxUnread() >= maxBytes() ? config : config.withMaxUnread(maxBytes());
    }

    /** A number of so many bytes, 1 to 4, big-endian and unsigned, is the length of the payload that follows. */
    static LengthField lengthField(int width, int maxPayload) {
        return LengthField.of(width, maxPayload);
    }

    /** Lines, of so many bytes without their end: sent with CR LF, received also with LF alone. */
    static Framing lines(int maxPayload) {
        return Delimited.lines(maxPayload);
    }

    /** Payloads of so many bytes, each with this delimiter behind it. */
    static Framing delimited(byte[] delimiter, int maxPayload) {
        return Delimited.by(delimiter, maxPayload);
    }

    /** Every frame has exactly so many bytes. */
    static Framing fixed(int bytes) {
        return new Fixed(bytes);
    }
}
