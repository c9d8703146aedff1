package io.github.ioqueue.testkit;

import io.github.ioqueue.IoSocket;
import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;

/**
 * Opens the one port it was made for: the public way to put a port into a socket.
 *
 * @param port what each {@code open} method returns
 */
public record OnePortBackend(SocketPort port) implements IoBackend {

    /** Returns a stream port as a socket to register. */
    public static IoSocket socket(StreamPort port) {
        try {
            return IoSocket.openStream(new OnePortBackend(port), StandardProtocolFamily.INET);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String name() {
        return "one port";
    }

    @Override
    public Demultiplexer openDemultiplexer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StreamPort openStream(ProtocolFamily family) {
        return (StreamPort) port;
    }

    @Override
    public ListenerPort openListener(ProtocolFamily family) {
        return (ListenerPort) port;
    }

    @Override
    public DatagramPort openDatagram(ProtocolFamily family) {
        return (DatagramPort) port;
    }
}
