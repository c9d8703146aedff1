package io.github.ioqueue.testkit;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.StreamPort;
import java.net.ProtocolFamily;

/** Opens the one port it was made for: the public way to put a port into a socket. */
record OnePortBackend(ScriptedPort port) implements IoBackend {

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
