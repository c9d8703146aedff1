package io.github.ioqueue.testkit;

import io.github.ioqueue.spi.IoBackend;
import java.net.ProtocolFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * A backend without a system beneath it: its sockets answer from scripts and its demultiplexer reads the scripts to
 * find out which are ready.
 *
 * <pre>{@code
 * ScriptedBackend backend = new ScriptedBackend();
 * IoQueue queue = IoQueue.open(IoQueueConfig.builder().backend(backend).nanoClock(backend.clock()).build());
 * ScriptedStreamPort port = ScriptedStreamPort.connected();
 * IoKey key = queue.register(port.socket(), handler);
 * port.output().take(3).wouldBlock().takeAll();
 * }</pre>
 *
 * Ports made by hand, as here, and ports opened through the queue are the same. Any thread.
 */
public final class ScriptedBackend implements IoBackend {

    private final ManualClock clock;
    private final List<ScriptedDemultiplexer> demultiplexers = new ArrayList<>();

    /** Creates a backend with a clock of its own. */
    public ScriptedBackend() {
        this(new ManualClock());
    }

    /** Creates a backend whose waits move this clock. */
    public ScriptedBackend(ManualClock clock) {
        this.clock = clock;
    }

    /** The clock that its waits move; give it to the queue, too. */
    public ManualClock clock() {
        return clock;
    }

    /** The demultiplexer opened last. */
    public synchronized ScriptedDemultiplexer demultiplexer() {
        return demultiplexers.get(demultiplexers.size() - 1);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public synchronized ScriptedDemultiplexer openDemultiplexer() {
        ScriptedDemultiplexer demultiplexer = new ScriptedDemultiplexer(clock);
        demultiplexers.add(demultiplexer);
        return demultiplexer;
    }

    @Override
    public ScriptedStreamPort openStream(ProtocolFamily family) {
        return ScriptedStreamPort.unconnected();
    }

    @Override
    public ScriptedListenerPort openListener(ProtocolFamily family) {
        return new ScriptedListenerPort();
    }

    @Override
    public ScriptedDatagramPort openDatagram(ProtocolFamily family) {
        return new ScriptedDatagramPort();
    }

    @Override
    public String toString() {
        return "ScriptedBackend";
    }
}
