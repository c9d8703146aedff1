package io.github.ioqueue.activesock.framing;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamSocket;
import java.nio.ByteBuffer;

/** What a {@link Framed} connection tells its user: as {@link io.github.ioqueue.activesock.StreamHandler}, but frames. */
@FunctionalInterface
public interface FrameHandler {

    /** Opened; sending may begin. Once, first. */
    default void onOpen(StreamSocket socket) {}

    /**
     * A frame is here, from position to limit. After {@link StreamSocket#pauseReading}, an abort or an exchange of the
     * handler in here no other comes.
     *
     * @param frame valid until this returns, what is left of it is skipped
     */
    void onFrame(StreamSocket socket, ByteBuffer frame);

    /** The peer has ended its stream behind a whole frame. Closes; override it to go on sending. Once. */
    default void onEnd(StreamSocket socket) {
        socket.close();
    }

    /** Sends were refused as {@code FULL}, and there is room again. */
    default void onWritable(StreamSocket socket) {}

    /** An op whose {@code send} answered {@code PENDING} is through, or has failed. */
    default void onSent(StreamSocket socket, WriteOp op) {}

    /** The connection is to be brought to its end. Closes. Once at most. */
    default void onDrain(StreamSocket socket) {
        socket.close();
    }

    /** Closed. Once, last; a {@link FrameException} as the cause tells of a peer that broke the framing. */
    default void onClosed(StreamSocket socket, CloseReason why) {}
}
