package io.github.ioqueue;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open socket that no queue has yet: to bind it and to set its options. {@link IoQueue#register} turns it into an
 * {@link IoKey}, once; from then on it is the key that is closed, while options and addresses stay readable here.
 *
 * <p>One thread at a time. Whoever has an unregistered socket must register or close it.
 */
public final class IoSocket implements AutoCloseable {

    private final SocketPort port;
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** The addresses of a socket that is closed or connecting, when the port does not know them. */
    private volatile @Nullable SocketAddress lastLocal;

    private volatile @Nullable SocketAddress lastRemote;

    IoSocket(SocketPort port) {
        this.port = port;
    }

    /** Opens an unconnected stream socket; {@link java.net.StandardProtocolFamily} names the families. */
    public static IoSocket openStream(IoBackend backend, ProtocolFamily family) throws IOException {
        return new IoSocket(backend.openStream(family));
    }

    /** Opens an unbound listening socket. */
    public static IoSocket openListener(IoBackend backend, ProtocolFamily family) throws IOException {
        return new IoSocket(backend.openListener(family));
    }

    /** Opens an unbound datagram socket. */
    public static IoSocket openDatagram(IoBackend backend, ProtocolFamily family) throws IOException {
        return new IoSocket(backend.openDatagram(family));
    }

    /** Binds, with the system's default backlog if it is a listener. */
    public IoSocket bind(SocketAddress local) throws IOException {
        return bind(local, 0);
    }

    /**
     * Binds; a listener listens from now on.
     *
     * @param backlog how many connections may wait in a listener, 0 for the system's default
     */
    public IoSocket bind(SocketAddress local, int backlog) throws IOException {
        if (port instanceof ListenerPort listener) {
            listener.bind(local, backlog);
        } else if (port instanceof DatagramPort datagram) {
            datagram.bind(local);
        } else {
            ((StreamPort) port).bind(local);
        }
        return this;
    }

    /**
     * Sets an option.
     *
     * @throws UnsupportedOperationException if it is not among {@link #supportedOptions}
     */
    public <T> IoSocket option(SocketOption<T> name, T value) throws IOException {
        port.option(name, value);
        return this;
    }

    /** Reads an option. */
    public <T> @Nullable T option(SocketOption<T> name) throws IOException {
        return port.option(name);
    }

    /** The options this kind of socket has on this platform. */
    public Set<SocketOption<?>> supportedOptions() {
        return port.supportedOptions();
    }

    /** The bound address, also when the socket is closed; null if unbound or unnamed. */
    public @Nullable SocketAddress localAddress() {
        SocketAddress last = lastLocal;
        return last != null ? last : askLocal();
    }

    private @Nullable SocketAddress askLocal() {
        try {
            return port.localAddress();
        } catch (Throwable e) {
            return null; // it is closed, or its backend does not keep its contract
        }
    }

    /**
     * The peer's address, also when the socket is closed; of a socket whose connecting failed the address that it tried.
     * Null if unconnected or unnamed.
     */
    public @Nullable SocketAddress remoteAddress() {
        SocketAddress last = lastRemote;
        return last != null ? last : askRemote();
    }

    private @Nullable SocketAddress askRemote() {
        try {
            return port instanceof StreamPort stream ? stream.remoteAddress() : null;
        } catch (Throwable e) {
            return null; // it is closed, or its backend does not keep its contract
        }
    }

    /** Keeps the address that a connect tries: a port whose connect failed does not know it any more. */
    void connecting(@Nullable SocketAddress remote) {
        lastRemote = remote;
    }

    /** Keeps the addresses for those who ask when the port is closed. */
    void keepAddresses() {
        lastLocal = localAddress();
        lastRemote = remoteAddress();
    }

    /**
     * Makes the close of a stream socket a reset: the kernel drops what it has not sent, and the peer's application reads
     * an error instead of an end of the stream. Call it before {@link #close} or {@link IoKey#close}.
     *
     * @return false if the socket cannot be reset: it is closed, a Unix-domain socket, or no stream
     */
    public boolean resetOnClose() {
        try {
            return port instanceof StreamPort stream && stream.resetOnClose();
        } catch (Throwable e) {
            return false; // it is closed, or its backend does not keep its contract
        }
    }

    /**
     * Closes a socket that was never registered.
     *
     * @throws IllegalStateException if it was: close its key
     */
    @Override
    public void close() throws IOException {
        claim();
        port.close();
    }

    /** Takes the socket away from its owner. */
    private void claim() {
        if (!claimed.compareAndSet(false, true)) {
            throw new IllegalStateException("socket is registered or closed already: " + this);
        }
    }

    /** Takes the socket away from its owner for what is made of it, or leaves it when the making throws. */
    <T> T claimFor(Supplier<T> maker) {
        claim();
        try {
            return maker.get();
        } catch (Throwable e) {
            unclaim();
            throw e;
        }
    }

    /** Gives the socket back to its owner. */
    void unclaim() {
        claimed.set(false);
    }

    SocketPort port() {
        return port;
    }

    static String kindOf(SocketPort port) {
        if (port instanceof ListenerPort) {
            return "listener";
        }
        return port instanceof DatagramPort ? "datagram socket" : "stream socket";
    }

    @Override
    public String toString() {
        return kindOf(port) + " " + localAddress() + " <-> " + remoteAddress();
    }
}
