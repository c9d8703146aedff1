package io.github.ioqueue.activesock;

import io.github.ioqueue.WriteOp;
import java.nio.ByteBuffer;

/**
 * What a {@link StreamSocket} tells its user. All methods run on the polling thread of the socket's queue, one at a time.
 * From inside them everything is allowed. One that throws is reported to the queue's error handler, and its socket is
 * aborted: nobody knows how far it came.
 *
 * <pre>
 *   onOpen   ( onData | onWritable | onSent )*   onEnd?   ( onWritable | onSent )*   onClosed
 * </pre>
 */
public interface StreamHandler {

    /** Connected, accepted, or through the handshake: sending and receiving may begin. Once, first. */
    default void onOpen(StreamSocket socket) {}

    /**
     * Bytes are there. Take what is complete by moving the position; leave what is not. It is called again at once while
     * it took something and bytes remain, otherwise when more have come or after {@link StreamSocket#resumeReading}.
     *
     * @param in valid until this returns; may be written to, but not beyond its limit
     */
    void onData(StreamSocket socket, ByteBuffer in);

    /** The peer has ended its stream cleanly. Closes; override it to go on sending. Once. */
    default void onEnd(StreamSocket socket) {
        socket.close();
    }

    /** Sends were refused as {@code FULL}, and half of the queue is free again. Once per episode of refusals. */
    default void onWritable(StreamSocket socket) {}

    /** An op whose {@code send} answered {@code PENDING} is through, or has failed: {@link WriteOp#failure}. Once each. */
    default void onSent(StreamSocket socket, WriteOp op) {}

    /**
     * The listener, the queue or the group is being drained: bring this connection to its end, before the deadline cuts
     * it. Closes; override it to finish first what is under way. Once at most.
     */
    default void onDrain(StreamSocket socket) {
        socket.close();
    }

    /** The socket is closed. Once, last; also when it never opened. */
    default void onClosed(StreamSocket socket, CloseReason why) {}
}
