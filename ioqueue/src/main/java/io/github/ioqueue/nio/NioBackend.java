package io.github.ioqueue.nio;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;

/** The backend over the JDK's non-blocking channels. Immutable; any thread. */
public final class NioBackend implements IoBackend {

    private final SelectorProvider provider;
    private final DirectSlices slices = new DirectSlices();

    /** A backend over the JDK's default provider (the one the service loader makes). */
    public NioBackend() {
        this(SelectorProvider.provider());
    }

    /** A backend over a provider of the caller's choice. */
    public NioBackend(SelectorProvider provider) {
        this.provider = Objects.requireNonNull(provider, "provider");
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public Demultiplexer openDemultiplexer() throws IOException {
        return new NioDemultiplexer(provider.openSelector());
    }

    @Override
    public StreamPort openStream(ProtocolFamily family) throws IOException {
        SocketChannel channel = isInet(family) ? provider.openSocketChannel() : provider.openSocketChannel(family);
        return new NioStreamPort(NioPort.nonBlocking(channel), slices);
    }

    @Override
    public ListenerPort openListener(ProtocolFamily family) throws IOException {
        ServerSocketChannel channel =
                isInet(family) ? provider.openServerSocketChannel() : provider.openServerSocketChannel(family);
        return new NioListenerPort(NioPort.nonBlocking(channel), slices);
    }

    @Override
    public DatagramPort openDatagram(ProtocolFamily family) throws IOException {
        DatagramChannel channel = family == StandardProtocolFamily.INET6
                ? provider.openDatagramChannel()
                : provider.openDatagramChannel(family);
        return new NioDatagramPort(NioPort.nonBlocking(channel), slices);
    }

    // A stream socket opened for no family in particular is dual stack where the system has IPv6, and serves both.
    private static boolean isInet(ProtocolFamily family) {
        return family == StandardProtocolFamily.INET || family == StandardProtocolFamily.INET6;
    }

    @Override
    public String toString() {
        return "NioBackend[" + provider.getClass().getSimpleName() + "]";
    }
}
