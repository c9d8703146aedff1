package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;

/** Sends back what comes, inside onData; what it is refused stays unread until there is room. */
final class Echo implements StreamHandler {

    private int refused;
    private CloseReason closed;

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        if (socket.send(in) == Sent.FULL) {
            refused++;
            socket.pauseReading();
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        socket.resumeReading();
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        closed = why;
    }

    /** How often it was refused. */
    int refused() {
        return refused;
    }

    CloseReason closed() {
        return closed;
    }
}
