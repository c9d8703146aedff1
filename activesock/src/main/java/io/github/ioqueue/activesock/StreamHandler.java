package io.github.ioqueue.activesock;

import io.github.ioqueue.WriteOp;
import java.nio.ByteBuffer;

/**
 * The callbacks of a {@link StreamSocket}. All methods run on the polling thread of the socket's queue, one at a time.
 * From inside them everything is allowed. If one throws, the queue's error handler gets the exception and the socket is
 * aborted.
 *
 * <pre>
 *   onOpen   ( onData | onWritable | onSent | onDrain | onOutputEnded | onEnd )*   onClosed
 *   onClosed alone, if the socket never opened
 * </pre>
 *
 * {@code onDrain}, {@code onOutputEnded} and {@code onEnd} come once at most; {@code onData} does not come behind {@code onEnd}.
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

    /**
     * An op whose {@code send} returned {@code PENDING} is complete, or has failed: {@link WriteOp#failure}. Once each. An op
     * sent before {@code onOpen} to a socket that never opens has no {@code onSent}: it is idle in {@code onClosed}.
     */
    default void onSent(StreamSocket socket, WriteOp op) {}

    /**
     * The kernel has all accepted bytes, and the end of the output behind them: FIN, or with TLS close_notify. Called after
     * {@link StreamSocket#shutdownOutput} or {@link StreamSocket#close}, before {@code onClosed}, once at most; not after a
     * failure. It does not say that the peer's application has read them.
     */
    default void onOutputEnded(StreamSocket socket) {}

    /**
     * The listener, the queue or the group is being drained: bring this connection to its end, before the deadline cuts
     * it. Closes; override it to finish first what is under way. Once at most.
     */
    default void onDrain(StreamSocket socket) {
        socket.close();
    }

    /**
     * The socket is closed. Once, last; also when it never opened (R14). {@link CloseReason#unsentBytes} is the number of
     * accepted bytes that were not sent. The socket still has its addresses.
     */
    default void onClosed(StreamSocket socket, CloseReason why) {}
}
