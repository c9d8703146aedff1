package io.github.ioqueue.examples.guide;

import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.activesock.framing.FrameHandler;
import io.github.ioqueue.activesock.framing.Framed;
import io.github.ioqueue.activesock.framing.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Echoes messages with their length in front, each as one. */
// guide begins
public final class FrameEcho implements FrameHandler {

    static final Framing FRAMING = Framing.lengthField(4, 64_000);

    /** A frame comes once. What the peer does not take is kept here, and no other frame comes until it does. */
    private @Nullable ByteBuffer kept;

    static ActiveListener listen(IoQueueGroup group, int port) throws IOException {
        StreamConfig limits = FRAMING.fit(StreamConfig.forServers());
        return Listener.on(port).config(limits).open(group, accepted -> new Framed(FRAMING, new FrameEcho()));
    }

    @Override
    public void onFrame(StreamSocket socket, ByteBuffer frame) {
        if (FRAMING.send(socket, frame) == Sent.FULL) {
            kept = ByteBuffer.allocate(frame.remaining()).put(frame).flip();
            socket.pauseReading();
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        if (kept != null && FRAMING.send(socket, kept) == Sent.TAKEN) {
            kept = null;
            socket.resumeReading();
        }
    }
}
// guide ends
