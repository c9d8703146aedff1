package io.github.ioqueue.testkit.ssl.hostile;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An {@link SSLEngine} that does its work by another, and now and then throws, or answers any status with any count of bytes:
 * as its {@link Temper} has it. For what stands on such engines; see {@link HostileJsseBackend}.
 */
final class HostileSslEngine extends SSLEngine {

    private static final int MOST_TASKS = 10_000;
    private static final Status[] STATUSES = Status.values();
    private static final HandshakeStatus[] HANDSHAKES = {
        HandshakeStatus.NOT_HANDSHAKING,
        HandshakeStatus.FINISHED,
        HandshakeStatus.NEED_TASK,
        HandshakeStatus.NEED_WRAP,
        HandshakeStatus.NEED_UNWRAP
    };

    private final SSLEngine good;
    private final Temper temper;
    private @Nullable HandshakeStatus stuck;
    private int tasks;

    HostileSslEngine(SSLEngine good, Temper temper, @Nullable String host, int port) {
        super(host, port);
        this.good = good;
        this.temper = temper;
    }

    private interface Call {
        SSLEngineResult make() throws SSLException;
    }

    private SSLEngineResult call(ByteBuffer from, Call call) throws SSLException {
        if (temper.does(Misbehaviour.THROW_TLS)) {
            throw new SSLException("out of the blue");
        }
        if (temper.does(Misbehaviour.THROW_RUNTIME)) {
            throw new IllegalArgumentException("out of the blue");
        }
        if (temper.does(Misbehaviour.THROW_ERROR)) {
            throw new LinkageError("out of the blue");
        }
        if (temper.does(Misbehaviour.THROW_MOVED)) {
            from.position(from.limit());
            throw new IllegalStateException("in the middle of it");
        }
        if (temper.does(Misbehaviour.NULL_STEP)) {
            return nothing();
        }
        if (temper.does(Misbehaviour.MOVE_BACK) && from.position() > 0) {
            from.position(from.position() - 1);
        }
        if (temper.does(Misbehaviour.SWALLOW)) {
            int n = from.remaining();
            from.position(from.limit());
            return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, n, 0);
        }
        if (temper.does(Misbehaviour.FALSE_PROGRESS)) {
            return new SSLEngineResult(any(STATUSES), any(HANDSHAKES), 1 + temper.below(100), temper.below(100));
        }
        if (temper.does(Misbehaviour.WRONG_STEP)) {
            return new SSLEngineResult(any(STATUSES), any(HANDSHAKES), 0, 0);
        }
        return lied(call.make());
    }

    /** The truth about the bytes, and what may be a lie about the state. */
    private SSLEngineResult lied(SSLEngineResult truth) {
        boolean lies = temper.does(Misbehaviour.DONE_AT_ONCE) || temper.does(Misbehaviour.UNDONE);
        return lies
                ? new SSLEngineResult(truth.getStatus(), any(HANDSHAKES), truth.bytesConsumed(), truth.bytesProduced())
                : truth;
    }

    private <T> T any(T[] values) {
        return values[temper.below(values.length)];
    }

    @SuppressWarnings("NullAway") // on purpose
    private static SSLEngineResult nothing() {
        return null;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to) throws SSLException {
        return call(from[offset], () -> good.wrap(from, offset, length, to));
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length) throws SSLException {
        return call(from, () -> good.unwrap(from, to, offset, length));
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        if (temper.does(Misbehaviour.THROW_TAKE_TASK)) {
            throw new IllegalStateException("no task today");
        }
        if (temper.does(Misbehaviour.NULL_TASK)) {
            return null;
        }
        if (stuck == HandshakeStatus.NEED_TASK) {
            if (++tasks > MOST_TASKS) {
                throw new WatchedEngine.Spin(tasks + " tasks for nothing");
            }
            return () -> {};
        }
        Runnable task = good.getDelegatedTask();
        return task == null ? null : () -> run(task);
    }

    private void run(Runnable task) {
        if (temper.does(Misbehaviour.THROW_TASK)) {
            throw new IllegalStateException("not this task");
        }
        task.run();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (stuck == null) {
            stuck = temper.does(Misbehaviour.TASKS_FOR_EVER)
                    ? HandshakeStatus.NEED_TASK
                    : temper.does(Misbehaviour.FALSE_FLUSH)
                            ? HandshakeStatus.NEED_WRAP
                            : temper.does(Misbehaviour.NEVER_DONE) ? HandshakeStatus.NEED_UNWRAP : null;
        }
        return stuck != null ? stuck : good.getHandshakeStatus();
    }

    @Override
    public void closeOutbound() {
        if (temper.does(Misbehaviour.THROW_CLOSE_NOTIFY)) {
            throw new IllegalStateException("it will not close");
        }
        good.closeOutbound();
    }

    @Override
    public void closeInbound() throws SSLException {
        if (temper.does(Misbehaviour.THROW_CLOSE)) {
            throw new IllegalStateException("it will not go");
        }
        good.closeInbound();
    }

    @Override
    public SSLSession getSession() {
        if (temper.does(Misbehaviour.THROW_SESSION) || temper.does(Misbehaviour.THROW_FACT)) {
            throw new IllegalStateException("there was a session");
        }
        return good.getSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        if (temper.does(Misbehaviour.THROW_REKEY)) {
            throw new UnsupportedOperationException("it will not begin");
        }
        good.beginHandshake();
    }

    // ---- as it is

    @Override
    public @Nullable SSLSession getHandshakeSession() {
        return good.getHandshakeSession();
    }

    @Override
    public boolean isInboundDone() {
        return good.isInboundDone();
    }

    @Override
    public boolean isOutboundDone() {
        return good.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return good.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return good.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        good.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return good.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return good.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        good.setEnabledProtocols(protocols);
    }

    @Override
    public void setUseClientMode(boolean mode) {
        good.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return good.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        good.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return good.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        good.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return good.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        good.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return good.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return good.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        good.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        return good.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return good.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(
            @Nullable BiFunction<SSLEngine, List<String>, String> selector) {
        good.setHandshakeApplicationProtocolSelector(selector);
    }
}
