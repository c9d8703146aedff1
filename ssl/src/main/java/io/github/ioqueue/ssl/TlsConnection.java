package io.github.ioqueue.ssl;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.HandlerCalls;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The state of a TLS connection, from the handshake to its last callback: what each event means in each state. {@link
 * TlsState} has the transitions, {@link TlsOutbound} and {@link TlsInbound} move the bytes, {@link TlsEnding} ends it.
 *
 * <p>How it ends (R13): close_notify is sent only behind every accepted byte, and never after a failure. A failure sends
 * the engine's fatal alert and a FIN behind it, or, if the engine can make no alert, a reset. Polling thread only.
 */
final class TlsConnection implements StreamHandler {

    private final StreamSocket below;
    private final IoQueue queue;
    private final StreamConfig config;
    private final CheckedEngine engine;
    private final HandlerCalls calls;
    private final TlsOutbound outbound;
    private final TlsInbound inbound;
    private final HandshakePhase handshake;
    private final OffLoopHandshake offLoop;
    private final TlsEnding ending;

    private volatile TlsState state = TlsState.HANDSHAKING;
    private volatile @Nullable CloseReason reason;
    private boolean peerEnded;

    TlsConnection(
            SslSocket socket,
            StreamSocket below,
            TlsContext context,
            TlsEngine engine,
            StreamHandler handler,
            StreamConfig config,
            TlsProbe probe) {
        this.below = below;
        this.queue = below.queue();
        this.config = config;
        this.engine = new CheckedEngine(engine, context.config().limits(), socket, probe);
        this.calls = new HandlerCalls(socket, handler, this::broken);
        this.outbound = new TlsOutbound(this, below, this.engine, config);
        this.inbound = new TlsInbound(this, below, this.engine, outbound, calls, config);
        this.handshake = new HandshakePhase(this, context, this.engine, socket, probe);
        this.offLoop =
                new OffLoopHandshake(this, below, this.engine, context.config().handshakeExecutor());
        this.ending = new TlsEnding(this, below, this.engine, outbound, inbound, calls);
    }

    void start() {
        handshake.begin();
        below.handler(this);
        outbound.wake();
    }

    void handler(StreamHandler next) {
        calls.handler(next);
        inbound.offerAgain();
    }

    private void to(TlsState next, @Nullable CloseReason why) {
        TlsState before = state;
        state = before.to(next);
        reason = why;
        if (before == TlsState.HANDSHAKING) {
            handshake.over(why);
        }
    }

    /** After every step of the engine. */
    void lookAtFacts() throws TlsException {
        if (state == TlsState.HANDSHAKING && !offLoop.isOut() && engine.handshakeDone()) {
            handshake.done();
            to(TlsState.OPEN, null);
            outbound.wake();
            Runnable next = handshake.next();
            if (next == null) {
                calls.open();
            } else {
                next.run();
            }
        }
    }

    // ---- the peer ends

    /** The peer's close_notify was read. */
    void peerEnded() {
        if (peerEnded) {
            return;
        }
        peerEnded = state != TlsState.HANDSHAKING;
        switch (state) {
            case HANDSHAKING -> failed(new TlsException(Reason.PEER_CLOSED, "the peer closed during the handshake"));
            case OPEN -> {
                to(TlsState.PEER_ENDED, null);
                if (handshake.maySendAfterPeersEnd() || endsWholeBehindPeer()) {
                    calls.end();
                }
            }
            case OUTPUT_ENDING -> {
                if (handshake.maySendAfterPeersEnd() || endsWholeBehindPeer()) {
                    closing(localReason());
                    calls.end();
                }
            }
            case OUTPUT_ENDED -> {
                calls.end();
                closeGracefully();
            }
            default -> {}
        }
    }

    /** The engine cannot send behind the peer's close_notify: sends are refused, and none may be left over. */
    private boolean endsWholeBehindPeer() {
        outbound.budget().shut();
        if (!outbound.isAllEncrypted()) {
            failed(new TlsException(Reason.PEER_CLOSED, "the peer closed before all that was accepted was sent"));
            return false;
        }
        return true;
    }

    /** The stream below has ended. Without close_notify that is a truncation. */
    @Override
    public void onEnd(StreamSocket from) {
        TlsException truncated = new TlsException(
                Reason.TRUNCATED,
                state == TlsState.HANDSHAKING
                        ? "the connection ended during the handshake"
                        : "the connection ended without close_notify");
        switch (state) {
            case HANDSHAKING, OUTPUT_ENDING, OUTPUT_ENDED -> failed(truncated);
            case OPEN -> {
                if (outbound.isAllWritten()) {
                    closeBelow(reasonOf(truncated));
                } else {
                    failed(truncated);
                }
            }
            case CLOSING -> {
                if (outbound.waitsForInput()) {
                    failed(truncated); // the engine would have to read before it can send the rest
                }
            }
            default -> {}
        }
    }

    // ---- this end ends

    void endOutput() {
        switch (state) {
            case HANDSHAKING -> {
                if (handshake.next() == null) {
                    handshake.thenRun(() -> {
                        calls.open();
                        endOutput();
                    });
                }
            }
            case OPEN -> {
                to(TlsState.OUTPUT_ENDING, null);
                ending.shutdownOutput();
            }
            case PEER_ENDED -> closing(localReason());
            default -> {}
        }
    }

    void closeGracefully() {
        switch (state) {
            case HANDSHAKING -> {
                if (outbound.budget().isEmpty()) {
                    alert(localReason(), new CancelledException(), TlsAlert.USER_CANCELED);
                } else {
                    handshake.thenRun(this::closeGracefully); // what was accepted goes first
                }
            }
            case OPEN, PEER_ENDED, OUTPUT_ENDING -> closing(localReason());
            case OUTPUT_ENDED -> closeBelow(localReason());
            default -> {}
        }
    }

    private CloseReason localReason() {
        return new CloseReason(peerEnded ? CloseReason.Kind.PEER_END : CloseReason.Kind.LOCAL, null);
    }

    private void closing(CloseReason why) {
        to(TlsState.CLOSING, why);
        ending.close(why, config);
    }

    // ---- failures

    private static CloseReason reasonOf(TlsException failure) {
        boolean truncated = failure.reason() == Reason.TRUNCATED;
        return new CloseReason(truncated ? CloseReason.Kind.TRUNCATED : CloseReason.Kind.FAILED, failure);
    }

    /** TLS has failed: plaintext that is not encrypted will not be sent. */
    void failed(TlsException failure) {
        CloseReason why = reasonOf(failure);
        switch (state) {
            case HANDSHAKING, OPEN, PEER_ENDED -> alert(why, failure, TlsAlert.UNEXPECTED_MESSAGE);
            case OUTPUT_ENDING, CLOSING -> {
                if (!outbound.isEndQueued()
                        || (state == TlsState.OUTPUT_ENDING && failure.reason() != Reason.TRUNCATED)) {
                    alert(why, failure, TlsAlert.UNEXPECTED_MESSAGE);
                } else if (state == TlsState.OUTPUT_ENDING) {
                    closing(why); // what this end sent is whole
                }
            }
            case OUTPUT_ENDED -> closeBelow(why);
            default -> {}
        }
    }

    private void alert(CloseReason why, IOException failure, TlsAlert kind) {
        to(TlsState.ALERT, why);
        ending.refuse(failure);
        if (!offLoop.isOut()) { // else when the engine is back
            sendAlert(kind);
        }
    }

    private void sendAlert(TlsAlert kind) {
        CloseReason why = reason;
        if (why == null || !ending.alert(kind, why)) {
            abortNow(localReason()); // the first reason stays
        }
    }

    void broken(Throwable thrown) {
        abortNow(new CloseReason(CloseReason.Kind.FAILED, thrown));
    }

    /** Closes at once, by a reset. A close that did not come to its end is none: its reason gives way to this one. */
    void abortNow(CloseReason why) {
        if (state == TlsState.RESET || state == TlsState.CLOSED) {
            return;
        }
        CloseReason first = reason;
        to(TlsState.RESET, first == null || (first.cause() == null && state != TlsState.ALERT) ? why : first);
        ending.reset();
    }

    /** Closes the socket below: with all that was to be sent in its hands. */
    void closeBelow(CloseReason why) {
        to(TlsState.BELOW_CLOSING, why);
        ending.closeBelow();
    }

    @Override
    public void onClosed(StreamSocket from, CloseReason why) {
        CloseReason ours = reason;
        boolean orderly = why.kind() == CloseReason.Kind.LOCAL || why.kind() == CloseReason.Kind.PEER_END;
        CloseReason last = ours != null && (ours.cause() != null || orderly) ? ours : why;
        to(TlsState.CLOSED, last);
        ending.belowClosed(last.cause() instanceof IOException failure ? failure : new CancelledException());
    }

    // ---- what the socket below reports

    @Override
    public void onData(StreamSocket from, ByteBuffer in) {
        if (!offLoop.takes(in)) {
            inbound.received(in);
        }
    }

    @Override
    public void onDrain(StreamSocket from) {
        switch (state) {
            case OPEN, PEER_ENDED, OUTPUT_ENDING, OUTPUT_ENDED -> calls.drain();
            default -> closeGracefully();
        }
    }

    @Override
    public void onWritable(StreamSocket from) {
        outbound.wake();
    }

    @Override
    public void onSent(StreamSocket from, WriteOp op) {
        outbound.written(op);
    }

    /** The output has advanced: something may be complete. */
    void outputAdvanced() {
        if (state == TlsState.CLOSING) {
            inbound.outputAdvanced(outbound.waitsForInput());
        }
        ending.advance();
        CloseReason why = reason;
        if (state == TlsState.CLOSED && why != null) {
            ending.callClosed(why);
        }
    }

    /** The end of the output is with the kernel. Returns true if it is close_notify. */
    boolean outputEnded() {
        if (state == TlsState.OUTPUT_ENDING) {
            to(TlsState.OUTPUT_ENDED, null);
        }
        return state == TlsState.OUTPUT_ENDED || state == TlsState.CLOSING;
    }

    void engineIsBack(@Nullable TlsException failure) {
        if (state == TlsState.CLOSED) {
            outbound.drop();
        } else if (state == TlsState.ALERT) {
            sendAlert(TlsAlert.USER_CANCELED);
        } else if (state == TlsState.HANDSHAKING && failure != null) {
            failed(failure);
        } else if (state == TlsState.HANDSHAKING && engine.inboundClosed() && !engine.handshakeDone()) {
            peerEnded();
        }
        outbound.wake();
        inbound.goOn();
    }

    boolean isHandshaking() {
        return state == TlsState.HANDSHAKING;
    }

    boolean isOpen() {
        return state == TlsState.OPEN;
    }

    /** Returns true if the handler gets data. */
    boolean isReading() {
        return state == TlsState.OPEN || state == TlsState.OUTPUT_ENDING || state == TlsState.OUTPUT_ENDED;
    }

    /** Runs a task in a callback of its own; not at all when the queue is closed, for then everything has ended. */
    void later(Runnable task) {
        try {
            queue.execute(task);
        } catch (RejectedExecutionException closed) {
            // nothing is left to do
        }
    }

    // ---- its parts

    HandshakePhase handshake() {
        return handshake;
    }

    StreamConfig config() {
        return config;
    }

    IoQueue queue() {
        return queue;
    }

    TlsOutbound outbound() {
        return outbound;
    }

    TlsInbound inbound() {
        return inbound;
    }

    OffLoopHandshake offLoop() {
        return offLoop;
    }

    HandlerCalls calls() {
        return calls;
    }

    @Override
    public String toString() {
        CloseReason why = reason;
        return "TLS " + handshake + " is " + state + (why == null ? "" : " for " + why) + "; engine: " + engine
                + (offLoop.isOut() ? " at the executor" : "") + "; in: " + inbound + "; out: " + outbound;
    }
}
