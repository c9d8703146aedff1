package io.github.ioqueue.ssl;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoTimer;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.HandlerCalls;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The life of a TLS socket, from the handshake to its last callback: what happens, and why it ended.
 *
 * <pre>
 *   HANDSHAKING ---- handshake done: onOpen ----> OPEN ---- close(), peer's close_notify ----> CLOSING
 *        |                                         |            what was taken, close_notify      |
 *        | failed: alert                           | failed: alert; truncated                   | all handed over:
 *        +---------------------> CLOSING <---------+                                            | engine closed
 *                                                                                               v
 *                                              CLOSED: onClosed <---- it is closed ---- close the socket below
 * </pre>
 *
 * The engine is closed as soon as it has nothing left to say, in whatever way the connection ends. Polling thread only.
 */
final class TlsLife implements StreamHandler {

    /** How long an alert may take to leave. */
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private enum Stage {
        HANDSHAKING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private final StreamSocket below;
    private final IoQueue queue;
    private final TlsContext context;
    private final StreamConfig config;
    private final CheckedEngine engine;
    private final HandlerCalls calls;
    private final Encrypting encrypting;
    private final Decrypting decrypting;
    private final IoTimer deadline;
    private final SslSocket socket;
    private final TlsProbe probe;
    private final long begun;

    private final OffLoopHandshake offLoop;

    private volatile Stage stage = Stage.HANDSHAKING;
    private volatile @Nullable TlsSession session;
    private volatile @Nullable CloseReason reason;
    private boolean peerEnded;
    private boolean belowClosing;
    private boolean told;

    TlsLife(
            SslSocket socket,
            StreamSocket below,
            TlsContext context,
            TlsEngine engine,
            StreamHandler handler,
            StreamConfig config,
            TlsProbe probe) {
        this.socket = socket;
        this.below = below;
        this.probe = probe;
        this.queue = below.queue();
        this.begun = now();
        this.context = context;
        this.config = config;
        this.engine = new CheckedEngine(engine, context.config().limits(), socket, probe);
        this.calls = new HandlerCalls(socket, handler, this::broken);
        this.encrypting = new Encrypting(this, below, this.engine, config);
        this.decrypting = new Decrypting(this, below, this.engine, encrypting, calls, config);
        this.deadline = queue.timer(this::timedOut);
        this.offLoop =
                new OffLoopHandshake(this, below, this.engine, context.config().handshakeExecutor());
    }

    void start() {
        probe.handshakeBegins(socket);
        below.handler(this);
        deadline.arm(context.config().limits().handshakeTimeout().toNanos());
        encrypting.wake();
    }

    void handler(StreamHandler next) {
        calls.handler(next);
        decrypting.offerAgain();
    }

    // ---- life, in its order

    private void enter(Stage next, @Nullable CloseReason why) {
        Stage before = stage;
        stage = next;
        reason = why;
        if (before == Stage.HANDSHAKING) {
            probe.handshakeEnds(socket, now() - begun, why);
        }
    }

    private long now() {
        return queue.config().nanoClock().getAsLong();
    }

    /** After every step of the engine. */
    void lookAtFacts() throws TlsException {
        if (stage == Stage.HANDSHAKING && !offLoop.isOut() && engine.handshakeDone()) {
            session = engine.session();
            deadline.cancel();
            enter(Stage.OPEN, null);
            encrypting.wake();
            calls.open();
        }
    }

    /** The peer's close_notify has come. */
    void peerEnded() {
        if (stage == Stage.HANDSHAKING) {
            failed(new TlsException(Reason.PEER_CLOSED, "the peer closed during the handshake"));
        } else if (!peerEnded) {
            peerEnded = true;
            if (stage == Stage.OPEN) {
                calls.end();
            }
        }
    }

    /** The stream below has ended. */
    @Override
    public void onEnd(StreamSocket socket) {
        if (stage == Stage.HANDSHAKING) {
            failed(new TlsException(Reason.TRUNCATED, "the connection ended during the handshake"));
        } else if (stage == Stage.OPEN && !peerEnded) {
            failed(new TlsException(Reason.TRUNCATED, "the connection ended without close_notify"));
        }
    }

    void closeInOrder() {
        CloseReason why = new CloseReason(peerEnded ? CloseReason.Kind.PEER_END : CloseReason.Kind.LOCAL, null);
        if (stage == Stage.HANDSHAKING) {
            encrypting.failWaiting(CancelledException.INSTANCE);
            closing(why, FAREWELL);
        } else if (stage == Stage.OPEN) {
            closing(why, config.closeTimeout());
        }
    }

    /** TLS has failed: what is not sent will not be; the alert goes out. */
    void failed(TlsException failure) {
        boolean broken =
                isClosingInOrder() && !encrypting.plaintext().isEmpty(); // a close that loses what was taken is none
        if (stage == Stage.HANDSHAKING || stage == Stage.OPEN || broken) {
            boolean truncated = failure.reason() == Reason.TRUNCATED;
            encrypting.failWaiting(failure);
            closing(
                    new CloseReason(truncated ? CloseReason.Kind.TRUNCATED : CloseReason.Kind.FAILED, failure),
                    FAREWELL);
        } else if (stage == Stage.CLOSING && !belowClosing) {
            closeBelow(); // not even the farewell can be said
        }
    }

    private void closing(CloseReason why, Duration timeout) {
        enter(Stage.CLOSING, why);
        deadline.arm(timeout.toNanos());
        decrypting.end(isClosingInOrder());
        encrypting.end();
    }

    private boolean isClosingInOrder() {
        return stage == Stage.CLOSING && !belowClosing && reason != null && reason.cause() == null;
    }

    /** Nothing more is to be handed over, perhaps. */
    void outputSettled() {
        if (stage == Stage.CLOSING) {
            decrypting.outputSettled(encrypting.waitsForInput());
            if (!belowClosing && encrypting.isEnded()) {
                closeBelow();
            }
        }
        CloseReason why = reason;
        if (stage == Stage.CLOSED && why != null && !told && encrypting.isSettled()) {
            told = true;
            calls.closed(why);
        }
    }

    private void closeBelow() {
        belowClosing = true;
        engine.close();
        below.close();
        CloseReason why = reason;
        if (why == null || why.cause() == null) {
            deadline.cancel(); // from here on it is the socket below that keeps to its own
        }
    }

    private void timedOut() {
        if (stage == Stage.HANDSHAKING) {
            giveUp(CloseReason.of(new DeadlineException(
                    "TLS handshake not done within " + context.config().limits().handshakeTimeout())));
        } else if (stage == Stage.CLOSING && reason != null && reason.cause() == null) {
            giveUp(CloseReason.of(new DeadlineException("close: "
                    + encrypting.budget().bytes() + " bytes not taken by the peer within " + config.closeTimeout())));
        } else {
            below.abort();
        }
    }

    /** Closes at once, by a reset. The last reason counts: a close that did not come to its end was none. */
    void giveUp(CloseReason why) {
        if (stage != Stage.CLOSED) {
            CloseReason first = reason;
            enter(Stage.CLOSING, first == null || first.cause() == null ? why : first);
            belowClosing = true;
            encrypting.budget().shut();
            decrypting.stop();
            engine.close();
            below.abort();
        }
    }

    void remainderFull(int bytes) {
        giveUp(new CloseReason(
                CloseReason.Kind.REMAINDER_FULL,
                new IOException(bytes + " bytes unread, and the handler takes none of them")));
    }

    /** The handler threw. */
    private void broken(Throwable thrown) {
        giveUp(new CloseReason(CloseReason.Kind.FAILED, thrown));
    }

    /** The socket below is closed: nobody who waits is forgotten, then {@link #outputSettled} tells the end. */
    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        CloseReason ours = reason;
        boolean orderly = why.kind() == CloseReason.Kind.LOCAL || why.kind() == CloseReason.Kind.PEER_END;
        CloseReason last = ours != null && (ours.cause() != null || orderly) ? ours : why;
        enter(Stage.CLOSED, last);
        deadline.cancel();
        decrypting.stop();
        engine.close();
        encrypting.failAll(last.cause() instanceof IOException failure ? failure : CancelledException.INSTANCE);
    }

    /** Has the keys changed; not before the handshake is done, nor when it is over. */
    void rekey() {
        if (stage == Stage.OPEN) {
            try {
                engine.rekey();
            } catch (TlsException e) {
                failed(e);
            }
            encrypting.wake();
        }
    }

    byte[] exportKeyingMaterial(String label, byte @Nullable [] with, int length) throws TlsException {
        if (session == null) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "keying material is there when the handshake is done");
        }
        return engine.exportKeyingMaterial(label, with, length);
    }

    /** The backend that does it. */
    TlsBackend backend() {
        return context.backend();
    }

    // ---- what the socket below tells

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        if (!offLoop.takes(in)) {
            decrypting.received(in);
        }
    }

    @Override
    public void onDrain(StreamSocket socket) {
        if (stage == Stage.OPEN) {
            calls.drain();
        } else {
            closeInOrder();
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        encrypting.wake();
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        encrypting.written(op);
    }

    // ---- what the halves ask and tell

    /** The steps off the loop have come to where they need more. */
    void engineIsBack(@Nullable TlsException failure) {
        if (stage == Stage.CLOSED) {
            encrypting.drop();
        } else if (stage == Stage.HANDSHAKING && failure != null) {
            failed(failure);
        }
        encrypting.wake();
        decrypting.goOn();
    }

    boolean isHandshaking() {
        return stage == Stage.HANDSHAKING;
    }

    OffLoopHandshake offLoop() {
        return offLoop;
    }

    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    /** Whether the engine can send when the peer's close_notify has come. */
    boolean maySendAfterPeersEnd() {
        TlsSession now = session;
        return now != null
                && now.version() == TlsVersion.TLS_1_3
                && context.backend().capabilities().contains(TlsCapability.HALF_CLOSE);
    }

    void sent(WriteOp op) {
        calls.sent(op);
    }

    void writable() {
        if (!encrypting.budget().isShut()) {
            calls.writable();
        }
    }

    /** Runs a task in a turn of its own; not at all when the queue is closed, for then everything has ended. */
    void later(Runnable task) {
        try {
            queue.execute(task);
        } catch (RejectedExecutionException closed) {
            // onClosed has come, or comes with what is left of the closing.
        }
    }

    StreamConfig config() {
        return config;
    }

    IoQueue queue() {
        return queue;
    }

    Encrypting encrypting() {
        return encrypting;
    }

    Decrypting decrypting() {
        return decrypting;
    }

    @Nullable TlsSession session() {
        return session;
    }

    @Override
    public String toString() {
        CloseReason why = reason;
        return "TLS " + (session == null ? "without a session" : session) + " by "
                + context.backend().name() + " is " + stage + (why == null ? "" : " for " + why) + "; engine: " + engine
                + (offLoop.isOut() ? " at the executor" : "") + "; in: " + decrypting + "; out: " + encrypting;
    }
}
