package io.github.ioqueue.ssl;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.WorkGuard;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.GracefulClose;
import io.github.ioqueue.activesock.HandlerCalls;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Carries out how a {@link TlsConnection} ends, as its states decide: the end of the output, an alert, a reset, the last
 * callback. For the graceful close the end of the output is close_notify or, after a failure, an alert; the peer's
 * close_notify is not waited for, because the socket below waits for the end of the peer's stream.
 *
 * <p>The engine is closed as soon as it has no more output. Polling thread only.
 */
final class TlsEnding implements GracefulClose.Transport {

    /** How long an alert may take to be written. */
    private static final Duration ALERT_FLUSH_TIMEOUT = Duration.ofSeconds(3);

    private final TlsConnection connection;
    private final IoQueue queue;
    private final StreamSocket below;
    private final CheckedEngine engine;
    private final TlsOutbound outbound;
    private final TlsInbound inbound;
    private final HandlerCalls calls;
    private final GracefulClose graceful;
    private boolean closedCalled;

    /** Keeps the queue open for a thread that is inside a send when the socket below has closed. */
    private @Nullable WorkGuard guard;

    TlsEnding(
            TlsConnection connection,
            StreamSocket below,
            CheckedEngine engine,
            TlsOutbound outbound,
            TlsInbound inbound,
            HandlerCalls calls) {
        this.connection = connection;
        this.queue = below.queue();
        this.below = below;
        this.engine = engine;
        this.outbound = outbound;
        this.inbound = inbound;
        this.calls = calls;
        this.graceful = new GracefulClose(queue, this);
    }

    // ---- what the states decide

    /** Ends the output behind all that was accepted; reading goes on. */
    void shutdownOutput() {
        graceful.endOutput();
    }

    /** Closes behind all that was accepted. */
    void close(CloseReason why, StreamConfig config) {
        outbound.budget().shut();
        inbound.end();
        graceful.close(why, config);
        outbound.wake();
    }

    /** Drops plaintext that is not encrypted, and reads no more. */
    void refuse(IOException failure) {
        outbound.failWaiting(failure);
        inbound.stop();
    }

    /** Sends a fatal alert behind the ciphertext that is there, and closes behind it. Returns false if there is none. */
    boolean alert(TlsAlert kind, CloseReason why) {
        boolean sent = engine.fail(kind) && outbound.flushAlert();
        if (sent) {
            graceful.closeBehindAlert(why, ALERT_FLUSH_TIMEOUT);
        }
        return sent;
    }

    /** Closes the socket below behind all that it has. */
    void closeBelow() {
        stop();
        below.close();
    }

    /** Resets the socket below. */
    void reset() {
        stop();
        below.abort();
    }

    private void stop() {
        outbound.budget().shut();
        inbound.stop();
        graceful.stop();
        engine.close();
    }

    /** The socket below is closed: every send gets its outcome. */
    void belowClosed(IOException failure) {
        stop();
        outbound.failAll(failure);
        if (!outbound.isSettled()) {
            keepQueueOpen();
        }
    }

    private void keepQueueOpen() {
        try {
            guard = queue.guard(() -> {});
        } catch (ClosedException e) {
            throw new IllegalStateException("a queue is not closed before its sockets", e);
        }
    }

    /** The output has advanced: something that a close waits for may have happened. */
    void advance() {
        graceful.advance();
    }

    /** Calls {@code onClosed}, once, when every send has had its callback. */
    void callClosed(CloseReason why) {
        if (closedCalled || !outbound.isSettled()) {
            return;
        }
        closedCalled = true;
        try {
            calls.closed(why.withUnsentBytes(outbound.unsentBytes()));
        } finally {
            if (guard != null) {
                guard.release();
            }
        }
    }

    // ---- the transport of the graceful close

    /** Behind the last record nothing is on its way any more, so close_notify may follow it. */
    @Override
    public boolean isDelivered() {
        return outbound.isAllEncrypted();
    }

    @Override
    public long lastProgressNanos() {
        return below.lastOutputNanos();
    }

    @Override
    public void endOutput() {
        try {
            outbound.endOutput();
        } catch (TlsException e) {
            connection.failed(e);
        }
    }

    @Override
    public boolean isOutputEnded() {
        return outbound.isEndWritten();
    }

    @Override
    public void outputEnded() {
        if (connection.outputEnded()) {
            calls.outputEnded(); // the output advances at the end of a callback, never inside the caller's close()
        }
    }

    @Override
    public boolean hasPeerEnded() {
        return true;
    }

    @Override
    public void closeNow(CloseReason why, boolean reset) {
        if (reset) {
            connection.abortNow(why);
        } else {
            connection.closeBelow(why);
        }
    }
}
