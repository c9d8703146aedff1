package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends back what comes in, and allocates nothing for it.
 *
 * <p>A peer that sends and does not read fills the send queue: {@code send} answers {@code FULL} and takes nothing. Then
 * it reads no more, what is unread stays where it is, and soon the peer's sends stall, too. When half of the queue is free
 * again it goes on with the bytes it had left. It never has to cut them: a send larger than the limit is taken when
 * nothing else is queued.
 */
final class EchoHandler implements StreamHandler {

    private final LongAdder total;
    private long bytes;

    /**
     * Creates the handler of one connection.
     *
     * @param total is told the number of bytes when the connection is closed
     */
    EchoHandler(LongAdder total) {
        this.total = total;
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        int n = in.remaining();
        switch (socket.send(in)) {
            case TAKEN -> bytes += n;
            case FULL -> socket.pauseReading();
            case CLOSED -> in.position(in.limit());
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        socket.resumeReading();
    }

    // onEnd closes, as it does by default: behind all that was sent, within the time that the configuration gives.

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        total.add(bytes);
    }
}
