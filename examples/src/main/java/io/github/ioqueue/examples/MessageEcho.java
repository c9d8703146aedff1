package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;

/** The demo's server: sends each whole message back. Has no state, so one serves all connections. */
final class MessageEcho implements StreamHandler {

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        if (in.remaining() < Messages.HEADER) {
            return;
        }
        int length = in.getInt(in.position());
        if (length < 0 || length > Messages.LONGEST) {
            socket.abort(); // not our protocol
            return;
        }
        if (in.remaining() - Messages.HEADER < length) {
            return; // it comes again when there is more
        }
        int limit = in.limit();
        in.limit(in.position() + Messages.HEADER + length);
        if (socket.send(in) == Sent.FULL) {
            socket.pauseReading();
        }
        in.limit(limit);
    }

    @Override
    public void onWritable(StreamSocket socket) {
        socket.resumeReading();
    }
}
