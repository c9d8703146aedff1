package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TlsEngine} over Java's {@link SSLEngine}, whoever provides it.
 *
 * <pre>
 *   receive   one unwrap          send   one wrap          flush   wrap of nothing, while it NEEDs_WRAP
 * </pre>
 *
 * Providers differ in what a status means, so steps are told by the bytes that moved. What is done for all because one
 * needs it: the first completion of a handshake counts, for one tells it again with each ticket; after an overflow that
 * consumed its record the rest is fetched with no input, and what was encrypted beyond one packet likewise; after a task
 * an empty buffer is unwrapped, for the task's failure; after a failure {@link JsseCloser} takes the alert; both sides are
 * closed at the end, for until then one holds two descriptors.
 */
public final class JsseEngine implements TlsEngine {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final JsseTraits traits;
    private final JsseHandshake handshake;
    private final TlsConfig config;
    private final JsseCloser closer;
    private final JsseTasks tasks;

    private boolean begun;
    private boolean done;
    private boolean restInside;

    /** Something is encrypted and not out yet, whatever the status says. */
    private boolean restOwed;

    /** What is asked for beyond the size of a packet; one provider gets all it holds ready out at once, or nothing. */
    private int moreRoom;

    private boolean inboundClosed;
    private boolean renegotiating;
    private int renegotiations;
    private boolean closing;
    private boolean closed;

    /** Adapts an engine that is set up and has not begun. */
    JsseEngine(SSLEngine engine, JsseTraits traits, JsseHandshake handshake, TlsConfig config) {
        this.engine = engine;
        this.traits = traits;
        this.handshake = handshake;
        this.config = config;
        this.closer = new JsseCloser(engine, handshake);
        this.tasks = new JsseTasks(engine, handshake);
    }

    // ---- in

    @Override
    public Step receive(ByteBuffer netIn, ByteBuffer appOut) throws TlsException {
        if (inboundClosed || closer.hasFailed()) {
            return Step.CLOSED;
        }
        begin();
        if (closing && engine.isInboundDone()) {
            netIn.position(netIn.limit()); // this provider has ended both directions, and knows no more what comes
            return Step.CLOSED;
        }
        Step first = wanted(engine.getHandshakeStatus());
        if (first != null && !done) {
            return first; // afterwards what is to be said, a key update's answer, need not be said before reading on
        }
        if (done && !appOut.hasRemaining()) {
            return Step.WANT_APP_SPACE; // without any, one says that it waits for input
        }
        if (!restInside && !isRecordComplete(netIn)) {
            return Step.WANT_INPUT;
        }
        SSLEngineResult result = call(true, restInside ? NOTHING : netIn, appOut);
        boolean moved = result.bytesConsumed() + result.bytesProduced() > 0;
        restInside = result.getStatus() == Status.BUFFER_OVERFLOW && moved;
        if (result.getStatus() == Status.CLOSED && moved && engine.isInboundDone()) {
            inboundClosed = true; // one provider says CLOSED of each record that is read behind its own close_notify
        }
        throwIf(look(result.getHandshakeStatus()));
        throwIf(lookForRenegotiation());
        return moved ? Step.PROGRESS : idle(result);
    }

    private boolean isRecordComplete(ByteBuffer netIn) throws TlsException {
        try {
            return RecordHeader.isComplete(netIn);
        } catch (TlsException e) {
            throw failed(e, NOTHING);
        }
    }

    private static Step idle(SSLEngineResult result) {
        return switch (result.getStatus()) {
            case BUFFER_OVERFLOW -> Step.WANT_APP_SPACE;
            case CLOSED -> Step.CLOSED;
            default -> {
                Step wanted = wanted(result.getHandshakeStatus());
                yield wanted == null ? Step.WANT_INPUT : wanted;
            }
        };
    }

    private SSLEngineResult call(boolean inbound, ByteBuffer from, ByteBuffer to) throws TlsException {
        handshake.enter();
        try {
            return inbound ? engine.unwrap(from, to) : engine.wrap(from, to);
        } catch (SSLException | RuntimeException e) {
            TlsException failure = failed(e);
            if (inbound && done && failure.reason() == Reason.PEER_CLOSED) {
                inboundClosed = true; // in the middle of a renegotiation, which is then void: an end, and no failure
                return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
            }
            throw failure;
        } finally {
            JsseHandshake.leave();
        }
    }

    /** With TLS 1.2 a handshake after the handshake is a renegotiation; TLS 1.3 has messages of its own for the rest. */
    private @Nullable TlsException lookForRenegotiation() {
        if (!done || inboundClosed || closing || engine.isInboundDone()) {
            return null;
        }
        boolean before = renegotiating;
        renegotiating = engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                && engine.getSession().getProtocol().equals(TlsVersion.TLS_1_2.standardName());
        if (renegotiating && !before && ++renegotiations > config.limits().renegotiations()) {
            String what = "the peer starts renegotiation " + renegotiations + ", the limit is ";
            return new TlsException(Reason.RENEGOTIATION, what + config.limits().renegotiations());
        }
        return null;
    }

    @Override
    public void rekey() throws TlsException {
        if (!traits.capabilities().contains(TlsCapability.REKEY)) {
            throw new UnsupportedOperationException("this backend changes no keys on request");
        }
        if (done && !closing && !inboundClosed && !closer.hasFailed() && !renegotiating) {
            renegotiating = engine.getSession().getProtocol().equals(TlsVersion.TLS_1_2.standardName());
            beginHandshake();
        }
    }

    private void beginHandshake() throws TlsException {
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw failed(e);
        }
    }

    // ---- out

    @Override
    public Step send(ByteBuffer appIn, ByteBuffer netOut) throws TlsException {
        if (closing || closer.hasFailed()) {
            return Step.CLOSED;
        }
        Step first = restOwed ? Step.WANT_FLUSH : wanted(engine.getHandshakeStatus());
        if (first != null) {
            return first;
        }
        return done ? wrap(appIn, netOut) : Step.WANT_INPUT;
    }

    @Override
    public Step flush(ByteBuffer netOut) throws TlsException {
        if (closed) {
            return Step.CLOSED;
        }
        if (closer.hasFailed()) {
            return closer.flush(netOut);
        }
        begin();
        HandshakeStatus now = engine.getHandshakeStatus();
        if (now == HandshakeStatus.NEED_TASK) {
            return Step.WANT_TASK;
        }
        if (now == HandshakeStatus.NEED_WRAP || restOwed || (closing && !engine.isOutboundDone())) {
            return wrap(NOTHING, netOut);
        }
        return closing ? Step.CLOSED : Step.WANT_INPUT;
    }

    private Step wrap(ByteBuffer appIn, ByteBuffer netOut) throws TlsException {
        int room = netOut.remaining();
        int start = netOut.position();
        SSLEngineResult result = call(false, appIn, netOut);
        TlsException verdict = look(result.getHandshakeStatus());
        if (verdict != null) {
            ByteBuffer unsent = netOut.duplicate().flip().position(start);
            netOut.position(start); // a step that throws moves nothing: it goes before the alert
            throw failed(verdict, unsent);
        }
        noteRest(result, room);
        if (result.bytesConsumed() + result.bytesProduced() > 0) {
            return Step.PROGRESS;
        }
        return switch (result.getStatus()) {
            case BUFFER_OVERFLOW -> Step.WANT_NET_SPACE;
            case CLOSED -> Step.CLOSED;
            default -> result.getHandshakeStatus() == HandshakeStatus.NEED_TASK ? Step.WANT_TASK : Step.WANT_INPUT;
        };
    }

    /**
     * One provider encrypts data behind tickets that it has kept back, which together may be more than a packet: it gets
     * out a packet of them, or nothing for lack of room, and says neither that there is more nor how much.
     */
    private void noteRest(SSLEngineResult result, int room) {
        int packet = engine.getSession().getPacketBufferSize();
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            restOwed |= result.bytesConsumed() > 0;
            if (room >= netSize()) {
                moreRoom = Math.min(2 * room, MOST_ROOM) - packet;
            }
        } else {
            restOwed = result.bytesProduced() >= packet;
            moreRoom = restOwed ? moreRoom : 0;
        }
    }

    @Override
    public void closeNotify() {
        if (!closing && !closer.hasFailed()) {
            closing = true;
            engine.closeOutbound();
        }
    }

    @Override
    public boolean fail(TlsAlert alert) {
        Objects.requireNonNull(alert, "alert");
        return makeAlert(NOTHING);
    }

    /** Before the handshake begins nobody waits for an alert; behind a close_notify none may come. */
    private boolean makeAlert(ByteBuffer unsent) {
        if (closed || !begun || closing || inboundClosed) {
            closer.abandon();
        }
        return closer.makeAlert(unsent);
    }

    // ---- the handshake

    private void begin() throws TlsException {
        RuntimeException failure = tasks.takeFailure();
        if (failure != null) {
            throw failed(failure);
        }
        if (!begun) {
            begun = true;
            beginHandshake();
        }
        if (tasks.takeRan() && engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK) {
            // One provider keeps what failed in a task until the next unwrap, and we unwrap whole records only.
            throwIf(look(call(true, NOTHING, NOTHING).getHandshakeStatus()));
        }
    }

    /** What has to be done before anything else, or null. */
    private static @Nullable Step wanted(HandshakeStatus now) {
        return switch (now) {
            case NEED_TASK -> Step.WANT_TASK;
            case NEED_WRAP -> Step.WANT_FLUSH;
            default -> null;
        };
    }

    /** The first completion counts. Returns why it must not be believed, or null. */
    private @Nullable TlsException look(HandshakeStatus told) {
        if (told == HandshakeStatus.FINISHED) {
            renegotiating = false;
        }
        if (!done && (told == HandshakeStatus.FINISHED || isOver(told))) {
            TlsException verdict = handshake.verdict(engine, config);
            if (verdict != null) {
                return verdict;
            }
            done = true;
            if (!config.sessions().isOn()) {
                engine.getSession().invalidate();
            }
        }
        return null;
    }

    private boolean isOver(HandshakeStatus told) {
        return told == HandshakeStatus.NOT_HANDSHAKING
                && begun
                && !engine.getSession().getCipherSuite().contains("_NULL_NULL");
    }

    @Override
    public @Nullable Runnable takeTask() {
        return tasks.take();
    }

    /** The engine threw. */
    private TlsException failed(Exception thrown) {
        TlsException failure = Verdicts.of(thrown, traits, handshake.verdict(), done);
        if (thrown instanceof SSLException && !closing && !Verdicts.isByCloseNotify(thrown)) {
            closer.takeAlert(failure.reason() == Reason.PEER_ALERT);
        } else {
            closer.abandon(); // it may not know that it has failed, and go on; or a close_notify is still inside
        }
        return failure;
    }

    private void throwIf(@Nullable TlsException verdict) throws TlsException {
        if (verdict != null) {
            throw failed(verdict, NOTHING);
        }
    }

    /** The engine goes on, and must not. */
    private TlsException failed(TlsException verdict, ByteBuffer unsent) {
        makeAlert(unsent);
        return verdict;
    }

    // ---- facts

    @Override
    public boolean handshakeDone() {
        return done;
    }

    @Override
    public boolean inboundClosed() {
        return inboundClosed;
    }

    @Override
    public int netSize() {
        return engine.getSession().getPacketBufferSize() + moreRoom;
    }

    @Override
    public int appSize() {
        return engine.getSession().getApplicationBufferSize();
    }

    @Override
    public Memory memory() {
        return traits.memory();
    }

    @Override
    public TlsSession session() {
        if (!done) {
            throw new IllegalStateException("the handshake is not done");
        }
        return handshake.session(engine, traits);
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) throws TlsException {
        if (!traits.capabilities().contains(TlsCapability.EXPORTER)) {
            throw new UnsupportedOperationException("this backend exports no keying material");
        }
        if (!done || closer.hasFailed()) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "keying material is there when the handshake is done");
        }
        try {
            return traits.exporter().export(engine, label, context, length);
        } catch (SSLException e) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "no keying material: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closer.close();
        }
    }
}
