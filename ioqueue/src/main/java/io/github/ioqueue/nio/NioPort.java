package io.github.ioqueue.nio;

import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the three kinds of channel share. */
abstract class NioPort<C extends SelectableChannel & NetworkChannel> implements SocketPort {

    final C channel;
    final DirectSlices slices;

    NioPort(C channel, DirectSlices slices) {
        this.channel = channel;
        this.slices = slices;
    }

    /** Switches a new channel to non-blocking mode, and closes it when even that fails. */
    static <C extends SelectableChannel> C nonBlocking(C channel) throws IOException {
        try {
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public final <T> void option(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
    }

    @Override
    public final <T> @Nullable T option(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public final Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public final @Nullable SocketAddress localAddress() throws IOException {
        return channel.getLocalAddress();
    }

    @Override
    public final void close() throws IOException {
        channel.close();
    }

    @Override
    public final String toString() {
        return channel.toString();
    }
}
