package io.github.ioqueue.ssl;

import io.github.ioqueue.ssl.TlsProbe.Call;
import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An engine that keeps its contract or fails: the one place where it is watched. What it throws comes out as a {@link
 * TlsException}, what it answers is judged by {@link Conduct}, buffers are moved forwards only, and those of a step that
 * failed are as they were. So a loop over its steps ends, whatever bytes arrive, and nobody is told what is not true. Facts
 * are kept here: once so, they stay so, and nothing is asked of an engine that is closed. Tasks run here and now. Polling
 * thread only, but for who has it {@link #lend lent}.
 */
final class CheckedEngine {

    /** Kinds of engines that threw when they were closed: each is told of once, however many connections there are. */
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A key update is answered by one record; a server's flight of a new handshake has up to six. */
    private static final int ANSWERS = 6;

    private final TlsEngine engine;
    private final TlsLimits limits;
    private final SslSocket socket;
    private final TlsProbe probe;
    private int handshakeBytes;
    private int withoutData;

    /** Records without data that the peer sends because we asked for new keys. */
    private int answersDue;

    private long ciphertextIn;
    private long ciphertextOut;
    private @Nullable Call lastCall;
    private @Nullable Step lastStep;
    private final Conduct conduct = new Conduct();
    private boolean heap;
    private boolean done;
    private boolean ended;
    private boolean notified;
    private boolean rekeying;
    private boolean closed;
    private @Nullable TlsException stillborn;
    private boolean lent;
    private boolean closesWhenBack;

    CheckedEngine(TlsEngine engine, TlsLimits limits, SslSocket socket, TlsProbe probe) {
        this.engine = engine;
        this.limits = limits;
        this.socket = socket;
        this.probe = probe;
        try {
            heap = engine.memory() == TlsEngine.Memory.HEAP;
        } catch (Throwable e) {
            stillborn = fault(e); // told by the first step: who makes a socket has no failures to handle
        }
    }

    /** As {@link TlsEngine#receive}. */
    Step receive(ByteBuffer netIn, ByteBuffer appOut) throws TlsException {
        if (closed || ended) {
            return Step.CLOSED;
        }
        boolean handshaking = !done;
        int in = netIn.remaining();
        int out = appOut.remaining();
        Step step = step(Call.RECEIVE, netIn, appOut);
        count(handshaking, in - netIn.remaining(), out - appOut.remaining());
        if (step == Step.CLOSED && !ended && !notified) {
            throw fault("it receives no more, and the peer has not closed");
        }
        return step;
    }

    /** As {@link TlsEngine#send}. */
    Step send(ByteBuffer appIn, ByteBuffer netOut) throws TlsException {
        if (closed) {
            return Step.CLOSED;
        }
        int before = appIn.remaining();
        Step step = step(Call.SEND, appIn, netOut);
        rekeying &= appIn.remaining() == before;
        return step;
    }

    /** As {@link TlsEngine#flush}. */
    Step flush(ByteBuffer netOut) throws TlsException {
        return closed ? Step.CLOSED : step(Call.FLUSH, NOTHING, netOut);
    }

    private Step step(Call call, ByteBuffer in, ByteBuffer out) throws TlsException {
        if (stillborn != null) {
            throw stillborn;
        }
        int inAt = in.position();
        int inEnd = in.limit();
        int outAt = out.position();
        int outEnd = out.limit();
        boolean good = false;
        try {
            Step step = ask(call, in, out);
            if (in.limit() != inEnd || out.limit() != outEnd || in.position() < inAt || out.position() < outAt) {
                throw fault(call + " has moved a buffer otherwise than forwards");
            }
            judge(call, step, in.position() - inAt, out.position() - outAt, outEnd - outAt);
            good = true;
            return step == Step.WANT_TASK ? runTask() : step;
        } finally {
            if (!good) {
                conduct.failed();
                in.limit(inEnd).position(inAt);
                out.limit(outEnd).position(outAt);
            }
        }
    }

    private Step ask(Call call, ByteBuffer in, ByteBuffer out) throws TlsException {
        try {
            return switch (call) {
                case RECEIVE -> engine.receive(in, out);
                case SEND -> engine.send(in, out);
                case FLUSH -> engine.flush(out);
            };
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    private void judge(Call call, Step step, int consumed, int produced, int room) throws TlsException {
        String breach = conduct.breach(call, step, consumed, produced, factMoved(), done);
        boolean wantsRoom = step == Step.WANT_APP_SPACE || step == Step.WANT_NET_SPACE;
        if (breach == null && wantsRoom && room >= (step == Step.WANT_APP_SPACE ? appSize() : netSize())) {
            breach = "wants more than the " + room + " bytes it asked for";
        }
        if (breach != null) {
            throw fault(call + " " + breach);
        }
        lastCall = call;
        lastStep = step;
        ciphertextIn += call == Call.RECEIVE ? consumed : 0;
        ciphertextOut += call == Call.RECEIVE ? 0 : produced;
        try {
            probe.stepped(socket, call, step, consumed, produced);
        } catch (Throwable e) {
            socket.queue().report(e); // what the engine has done is done
        }
    }

    /** A peer may not have us work for ever for nothing. */
    private void count(boolean handshaking, int consumed, int produced) throws TlsException {
        if (handshaking) {
            handshakeBytes += consumed;
            if (handshakeBytes > limits.handshakeBytes()) {
                throw new TlsException(
                        Reason.PEER_MISBEHAVED,
                        "a handshake of more than the " + limits.handshakeBytes() + " bytes allowed");
            }
        } else if (produced > 0) {
            withoutData = 0;
        } else if (consumed > 0 && answersDue > 0) {
            answersDue--;
        } else if (consumed > 0 && ++withoutData > limits.recordsWithoutData()) {
            throw new TlsException(
                    Reason.PEER_MISBEHAVED, withoutData + " records in a row without data, more than allowed");
        }
    }

    private Step runTask() throws TlsException {
        try {
            Runnable task = engine.takeTask();
            if (task == null) {
                throw fault("it wants its task run, and has none");
            }
            task.run();
            return Step.PROGRESS;
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    private TlsException fault(String what) {
        return new TlsException(Reason.BACKEND_FAULT, engine.getClass().getSimpleName() + ": " + what);
    }

    /** What it threw, every Error included: it costs this connection. */
    private TlsException fault(Throwable thrown) {
        if (thrown instanceof TlsException failure) {
            return failure; // as its contract allows
        }
        return new TlsException(Reason.BACKEND_FAULT, engine.getClass().getSimpleName() + " threw " + thrown, thrown);
    }

    /** Looks at the facts; answers whether one has become so. */
    private boolean factMoved() throws TlsException {
        boolean wasDone = done;
        boolean hadEnded = ended;
        try {
            done = engine.handshakeDone();
            ended = engine.inboundClosed();
        } catch (Throwable e) {
            throw fault(e);
        }
        if ((wasDone && !done) || (hadEnded && !ended)) {
            done = wasDone;
            ended = hadEnded;
            throw fault("it takes back that " + (wasDone ? "its handshake is done" : "the peer has closed"));
        }
        return done != wasDone || ended != hadEnded;
    }

    boolean handshakeDone() {
        return done;
    }

    boolean inboundClosed() {
        return ended;
    }

    int netSize() throws TlsException {
        return closed ? 0 : size(false);
    }

    int appSize() throws TlsException {
        return closed ? 0 : size(true);
    }

    private int size(boolean app) throws TlsException {
        int size;
        try {
            size = app ? engine.appSize() : engine.netSize();
        } catch (Throwable e) {
            throw fault(e);
        }
        if (size <= 0 || size > TlsEngine.MOST_ROOM) {
            throw fault("it asks for room of " + size + " bytes");
        }
        return size;
    }

    /** Whether plaintext that it has taken is to be flushed yet. */
    boolean withholds() {
        return conduct.withholds();
    }

    boolean isHeap() {
        return heap;
    }

    boolean isClosed() {
        return closed;
    }

    TlsSession session() throws TlsException {
        TlsSession session;
        try {
            session = engine.session();
        } catch (Throwable e) {
            throw fault(e);
        }
        if (session == null) {
            throw fault("its handshake is done, and there is no session");
        }
        return session;
    }

    void rekey() throws TlsException {
        if (!closed) {
            try {
                engine.rekey();
                conduct.asked();
                rekeying = true;
                answersDue += done ? ANSWERS : 0;
            } catch (Throwable e) {
                throw fault(e);
            }
        }
    }

    /** Whether there may be a handshake after the handshake, which plaintext has to wait for. */
    boolean mayNegotiate() {
        return rekeying || limits.renegotiations() > 0;
    }

    byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) throws TlsException {
        if (closed) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "the connection is closed");
        }
        try {
            return engine.exportKeyingMaterial(label, context, length);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw e;
        } catch (Throwable e) {
            throw fault(e);
        }
    }

    void closeNotify() throws TlsException {
        if (!closed) {
            try {
                notified = true;
                conduct.asked();
                engine.closeNotify();
            } catch (Throwable e) {
                throw fault(e);
            }
        }
    }

    /**
     * As {@link TlsEngine#fail}. Returns false also if the engine throws, or is closed or lent: then there is no alert, and
     * nothing is to be flushed.
     */
    boolean fail(TlsAlert alert) {
        if (closed || lent || stillborn != null) {
            return false;
        }
        conduct.failed();
        conduct.asked();
        try {
            return engine.fail(alert);
        } catch (Throwable e) {
            return false; // the connection fails for a reason that is known already
        }
    }

    /** From here to {@link #takeBack} another thread makes its steps; a close waits until then. */
    void lend() {
        lent = true;
    }

    void takeBack() {
        lent = false;
        if (closesWhenBack) {
            close();
        }
    }

    /** What it said last, and how much it has moved. */
    @Override
    public String toString() {
        return (lastCall == null ? "not begun" : lastCall + " said " + lastStep) + ", " + ciphertextIn + " bytes in, "
                + ciphertextOut + " out";
    }

    private void tell(Throwable thrown) {
        if (TOLD.add(engine.getClass().getName())) {
            System.getLogger(CheckedEngine.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "TLS engines that throw when they are closed: " + engine.getClass(),
                            thrown);
        }
    }

    /** Frees it. What it throws is told to the log only: the connection is over. */
    void close() {
        if (lent) {
            closesWhenBack = true;
        } else if (!closed) {
            closed = true;
            try {
                engine.close();
            } catch (Throwable e) {
                tell(e);
            }
        }
    }
}
