package io.github.ioqueue.ssl;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoTimer;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of a {@link TlsConnection}: its deadline, what the user asked for meanwhile, and what the two ends agreed
 * on. Polling thread only, but for {@link #session}.
 */
final class HandshakePhase {

    private final TlsConnection connection;
    private final TlsContext context;
    private final CheckedEngine engine;
    private final SslSocket socket;
    private final TlsProbe probe;
    private final IoTimer deadline;
    private final long begunNanos;
    private volatile @Nullable TlsSession session;
    private @Nullable Runnable next;

    HandshakePhase(
            TlsConnection connection, TlsContext context, CheckedEngine engine, SslSocket socket, TlsProbe probe) {
        this.connection = connection;
        this.context = context;
        this.engine = engine;
        this.socket = socket;
        this.probe = probe;
        this.deadline = connection.queue().timer(this::timedOut);
        this.begunNanos = now();
    }

    private long now() {
        return connection.queue().config().nanoClock().getAsLong();
    }

    private Duration timeout() {
        return context.config().limits().handshakeTimeout();
    }

    void begin() {
        contained(() -> probe.handshakeBegins(socket));
        deadline.arm(timeout().toNanos());
    }

    private void timedOut() {
        connection.abortNow(CloseReason.of(new DeadlineException("TLS handshake not done within " + timeout())));
    }

    /** Runs {@code verb} in place of {@code onOpen} when the handshake is done. The last one counts. */
    void thenRun(Runnable verb) {
        next = verb;
    }

    /** What {@link #thenRun} was given, or null. */
    @Nullable Runnable next() {
        return next;
    }

    /** The engine has done it: takes what it agreed on. */
    void done() throws TlsException {
        session = engine.session();
    }

    /** The handshake is done, or has failed. */
    void over(@Nullable CloseReason failure) {
        deadline.cancel();
        contained(() -> probe.handshakeEnds(socket, now() - begunNanos, failure));
    }

    private void contained(Runnable observation) {
        try {
            observation.run();
        } catch (Throwable e) {
            connection.queue().report(e);
        }
    }

    /** What was agreed on; null before the handshake is done. Any thread. */
    @Nullable TlsSession session() {
        return session;
    }

    boolean isTls13() {
        TlsSession facts = session;
        return facts != null && facts.version() == TlsVersion.TLS_1_3;
    }

    /** Returns true if the engine can send when the peer's close_notify was read. */
    boolean maySendAfterPeersEnd() {
        return isTls13() && backend().capabilities().contains(TlsCapability.HALF_CLOSE);
    }

    TlsBackend backend() {
        return context.backend();
    }

    byte[] exportKeyingMaterial(String label, byte @Nullable [] with, int length) throws TlsException {
        if (session == null) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "keying material is there when the handshake is done");
        }
        return engine.exportKeyingMaterial(label, with, length);
    }

    @Override
    public String toString() {
        return (session == null ? "without a session" : session) + " by "
                + backend().name();
    }
}
