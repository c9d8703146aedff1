package io.github.ioqueue.spi;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.util.ServiceLoader;

/**
 * Opens sockets, and the demultiplexers that wait for them. A socket may be registered with any demultiplexer of the
 * backend that opened it, and with no other.
 *
 * <p>Implementations are found by {@link ServiceLoader} or handed to the queue's configuration. All methods may be
 * called from any thread.
 */
public interface IoBackend {

    /** The name under which people choose this backend, such as {@code "nio"}. */
    String name();

    /**
     * Opens a demultiplexer.
     *
     * @throws IOException if the system refuses, for instance for want of descriptors
     */
    Demultiplexer openDemultiplexer() throws IOException;

    /**
     * Opens an unconnected stream socket in non-blocking mode.
     *
     * @param family {@link java.net.StandardProtocolFamily#INET}, {@code INET6} (dual stack where the system has it)
     *     or {@code UNIX}
     * @throws UnsupportedOperationException if the family is not supported
     */
    StreamPort openStream(ProtocolFamily family) throws IOException;

    /** Opens an unbound listening socket in non-blocking mode; families as for {@link #openStream}. */
    ListenerPort openListener(ProtocolFamily family) throws IOException;

    /** Opens an unbound datagram socket in non-blocking mode; {@code INET} or {@code INET6}. */
    DatagramPort openDatagram(ProtocolFamily family) throws IOException;

    /**
     * The backend of this platform: the one named {@code "nio"}, over the JDK's default selector provider.
     *
     * @throws IllegalStateException if no such backend is on the class path or module path
     */
    static IoBackend system() {
        return named("nio");
    }

    /**
     * Finds an installed backend by its name.
     *
     * @throws IllegalStateException if there is none of that name
     */
    static IoBackend named(String name) {
        return ServiceLoader.load(IoBackend.class, IoBackend.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no I/O backend named \"" + name + "\" is installed"));
    }
}
