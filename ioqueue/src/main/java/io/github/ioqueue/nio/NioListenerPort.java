package io.github.ioqueue.nio;

import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A listening socket over a {@link ServerSocketChannel}. */
final class NioListenerPort extends NioPort<ServerSocketChannel> implements ListenerPort {

    NioListenerPort(ServerSocketChannel channel, DirectSlices slices) {
        super(channel, slices);
    }

    @Override
    public void bind(SocketAddress local, int backlog) throws IOException {
        channel.bind(local, backlog);
    }

    @Override
    public @Nullable StreamPort accept() throws IOException {
        SocketChannel accepted = channel.accept();
        return accepted == null ? null : new NioStreamPort(nonBlocking(accepted), slices);
    }
}
