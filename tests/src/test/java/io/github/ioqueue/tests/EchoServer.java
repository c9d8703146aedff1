package io.github.ioqueue.tests;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Sends back what comes, inside onData; waits for room when it is refused. */
final class EchoServer implements StreamHandler {

    static final EchoServer INSTANCE = new EchoServer();

    /** A port of the loopback address that the system chooses. */
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private EchoServer() {}

    static ActiveListener open(IoQueue queue, StreamConfig config) throws IOException {
        return Listener.on(ANY_PORT).config(config).open(queue, socket -> INSTANCE);
    }

    static InetSocketAddress address(ActiveListener listener) {
        return (InetSocketAddress) Objects.requireNonNull(listener.localAddress());
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        if (socket.send(in) == Sent.FULL) {
            socket.pauseReading();
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        socket.resumeReading();
    }
}
