package io.github.ioqueue.ssl.probe;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.TlsProbe;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * Makes handshakes events of the flight recorder, {@code io.github.ioqueue.TlsHandshake}, with their duration and what came
 * of them. The only class of this module that needs module {@code jdk.jfr}; without it leave it alone. Any thread.
 */
public final class TlsJfrProbe implements TlsProbe {

    private final ConcurrentHashMap<SslSocket, HandshakeEvent> open = new ConcurrentHashMap<>();

    /** Creates a probe; while nobody records, its events cost next to nothing. */
    public TlsJfrProbe() {}

    @Name("io.github.ioqueue.TlsHandshake")
    @Label("TLS Handshake")
    @Category("ioqueue")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads its fields
    private static final class HandshakeEvent extends Event {
        @Label("Peer")
        String peer = "";

        @Label("Version")
        String version = "";

        @Label("Cipher Suite")
        String cipherSuite = "";

        @Label("Application Protocol")
        @Nullable String applicationProtocol;

        @Label("Server Name")
        @Nullable String serverName;

        @Label("Failure")
        @Nullable String failure;
    }

    @Override
    public void handshakeBegins(SslSocket socket) {
        HandshakeEvent event = new HandshakeEvent();
        if (event.isEnabled()) {
            event.begin();
            open.put(socket, event);
        }
    }

    @Override
    public void handshakeEnds(SslSocket socket, long nanos, @Nullable CloseReason failure) {
        HandshakeEvent event = open.remove(socket);
        if (event == null) {
            return;
        }
        event.end();
        if (!event.shouldCommit()) {
            return;
        }
        event.peer = String.valueOf(socket.remoteAddress());
        event.failure = failure == null ? null : failure.toString();
        TlsSession session = socket.session();
        if (session != null) {
            event.version = session.version().standardName();
            event.cipherSuite = session.cipherSuite();
            event.applicationProtocol = session.applicationProtocol();
            event.serverName = session.serverName();
        }
        event.commit();
    }
}
