package io.github.ioqueue.examples;

// README begins
import io.github.ioqueue.*;
import io.github.ioqueue.activesock.*;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** An echo server on port 7000. */
public class Hello implements StreamHandler {
    public static void main(String[] args) throws Exception {
        IoQueueGroup group = IoQueueGroup.open(2, IoQueueConfig.defaults());
        Listener.on(7000).open(group, accepted -> new Hello());
        group.awaitClosed(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        if (socket.send(in) == StreamSocket.Sent.FULL) {
            socket.pauseReading(); // too much is queued: nothing was taken, the bytes stay in the buffer
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        socket.resumeReading(); // there is room again: onData comes with what was left
    }
}
// README ends
