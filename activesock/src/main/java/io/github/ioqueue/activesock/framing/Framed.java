package io.github.ioqueue.activesock.framing;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Cuts what one connection receives into frames, in place. A peer that breaks the framing has its connection reset, with
 * the reason {@code FAILED} and a {@link FrameException}; one that ends inside a frame, with {@code TRUNCATED}.
 *
 * <p>One for each connection.
 */
public final class Framed implements StreamHandler {

    private final Framing framing;
    private final Framer framer;
    private final FrameHandler handler;

    /** Frames by this framing, for this handler. */
    public Framed(Framing framing, FrameHandler handler) {
        this.framing = framing;
        this.framer = framing.framer();
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Opened.
     *
     * @throws IllegalStateException if the socket cannot keep a frame of full size: see {@link Framing#fit}
     */
    @Override
    public void onOpen(StreamSocket socket) {
        if (framing.maxBytes() > socket.config().maxUnread()) {
            throw new IllegalStateException("a frame may have " + framing.maxBytes() + " bytes, but only "
                    + socket.config().maxUnread() + " may be unread: open the socket with Framing.fit(config)");
        }
        handler.onOpen(socket);
    }

    /** One frame a call: the socket calls again while there are bytes, and knows whether it may. */
    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        boolean found;
        try {
            found = framer.find(in);
        } catch (FrameException e) {
            socket.abort(CloseReason.of(e));
            return;
        }
        if (found) {
            int limit = in.limit();
            int next = framer.next();
            in.limit(framer.limit()).position(framer.start());
            try {
                handler.onFrame(socket, in);
            } finally {
                in.limit(limit).position(next);
            }
        }
    }

    @Override
    public void onEnd(StreamSocket socket) {
        int unread = socket.unread();
        if (unread > 0) {
            socket.abort(new CloseReason(
                    CloseReason.Kind.TRUNCATED,
                    new FrameException("the stream ended inside a frame, behind " + unread + " bytes of it")));
        } else {
            handler.onEnd(socket);
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        handler.onWritable(socket);
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        handler.onSent(socket, op);
    }

    @Override
    public void onDrain(StreamSocket socket) {
        handler.onDrain(socket);
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        handler.onClosed(socket, why);
    }
}
