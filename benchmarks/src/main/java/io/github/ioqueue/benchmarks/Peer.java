package io.github.ioqueue.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The other end of the connection under test: a plain blocking socket, read by the benchmark's own thread. */
final class Peer implements AutoCloseable {

    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private SocketChannel channel;

    Peer() throws IOException {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    void accept() throws IOException {
        channel = listener.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Reads until the buffer is full. */
    void read(ByteBuffer into) throws IOException {
        into.clear();
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new EOFException("the connection under test has ended");
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        channel.close();
    }
}
