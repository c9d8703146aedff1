package io.github.ioqueue.testkit;

import io.github.ioqueue.IoSocket;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.Script.Answer;
import io.github.ioqueue.testkit.Script.Verb;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import org.jspecify.annotations.Nullable;

/** A scripted listening socket. {@link #input} scripts what accepts find. */
public final class ScriptedListenerPort extends ScriptedPort implements ListenerPort {

    private final Script input = new Script(this::changed);

    /** Creates a listener nobody connects to yet. */
    public ScriptedListenerPort() {}

    // ---- for the test

    /** This port as a socket to register. */
    public IoSocket socket() {
        try {
            return IoSocket.openListener(new OnePortBackend(this), StandardProtocolFamily.INET);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What accepts find. */
    public Script input() {
        return input;
    }

    @Override
    int scriptedBits() {
        return input.isEmpty() ? 0 : Demultiplexer.ACCEPT;
    }

    // ---- the seam

    @Override
    public synchronized void bind(SocketAddress address, int backlog) {
        called("bind");
        local = address;
    }

    @Override
    public synchronized @Nullable StreamPort accept() throws IOException {
        called("accept");
        Answer answer = input.next(Verb.ACCEPT);
        input.used(answer);
        return answer.accepted;
    }
}
