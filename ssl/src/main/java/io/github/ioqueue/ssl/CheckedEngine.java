package io.github.ioqueue.ssl;

import io.github.ioqueue.ssl.TlsProbe.Call;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An engine that keeps its contract or fails: the one place where it is watched. What it throws comes out as a {@link
 * TlsException}, a step that says {@code PROGRESS} has moved a buffer or a fact, and one that wants something does not
 * want it for ever. So a loop over its steps ends, whatever bytes arrive. Tasks run here and now. Polling thread only, but
 * for who has it {@link #lend lent}.
 */
final class CheckedEngine {

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
    private boolean flushOwed;
    private boolean closed;
    private boolean lent;
    private boolean closesWhenBack;

    CheckedEngine(TlsEngine engine, TlsLimits limits, SslSocket socket, TlsProbe probe) {
        this.engine = engine;
        this.limits = limits;
        this.socket = socket;
        this.probe = probe;
    }

    /** As {@link TlsEngine#receive}. */
    Step receive(ByteBuffer netIn, ByteBuffer appOut) throws TlsException {
        if (closed) {
            return Step.CLOSED;
        }
        boolean handshaking = !handshakeDone();
        int in = netIn.remaining();
        int out = appOut.remaining();
        Step step = step(Call.RECEIVE, netIn, appOut);
        count(handshaking, in - netIn.remaining(), out - appOut.remaining());
        return step;
    }

    /** As {@link TlsEngine#send}. */
    Step send(ByteBuffer appIn, ByteBuffer netOut) throws TlsException {
        return closed ? Step.CLOSED : step(Call.SEND, appIn, netOut);
    }

    /** As {@link TlsEngine#flush}. */
    Step flush(ByteBuffer netOut) throws TlsException {
        return closed ? Step.CLOSED : step(Call.FLUSH, NOTHING, netOut);
    }

    private Step step(Call call, ByteBuffer in, ByteBuffer out) throws TlsException {
        int room = out.remaining();
        int given = in.remaining();
        int facts = facts();
        Step step;
        try {
            step = switch (call) {
                case RECEIVE -> engine.receive(in, out);
                case SEND -> engine.send(in, out);
                case FLUSH -> engine.flush(out);
            };
        } catch (RuntimeException | Error e) {
            throw fault(e);
        }
        int consumed = given - in.remaining();
        int produced = room - out.remaining();
        lastCall = call;
        lastStep = step;
        ciphertextIn += call == Call.RECEIVE ? consumed : 0;
        ciphertextOut += call == Call.RECEIVE ? 0 : produced;
        probe.stepped(socket, call, step, consumed, produced);
        judge(call, step, consumed != 0 || produced != 0 || facts() != facts, room);
        if (step == Step.WANT_TASK) {
            runTask();
            return Step.PROGRESS;
        }
        return step;
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

    private void judge(Call call, Step step, boolean moved, int room) throws TlsException {
        if (step == Step.PROGRESS && !moved) {
            throw fault(call + " says PROGRESS and has moved nothing");
        }
        if (step == Step.WANT_APP_SPACE && room >= engine.appSize()) {
            throw fault(call + " wants more than the " + room + " bytes it asked for");
        }
        if (step == Step.WANT_NET_SPACE && room >= engine.netSize()) {
            throw fault(call + " wants more than the " + room + " bytes it asked for");
        }
        if (call != Call.FLUSH) {
            flushOwed = step == Step.WANT_FLUSH;
        } else if (step == Step.WANT_FLUSH || (step == Step.WANT_INPUT && flushOwed)) {
            throw fault("it wants a flush, and has nothing to flush");
        } else if (step != Step.WANT_NET_SPACE) {
            flushOwed = false;
        }
    }

    private void runTask() throws TlsException {
        try {
            Runnable task = engine.takeTask();
            if (task == null) {
                throw fault("it wants its task run, and has none");
            }
            task.run();
        } catch (RuntimeException | Error e) {
            throw fault(e);
        }
    }

    private TlsException fault(String what) {
        return new TlsException(Reason.BACKEND_FAULT, engine + ": " + what);
    }

    /** What it threw; a failure of the machine itself goes through. */
    private TlsException fault(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        return new TlsException(Reason.BACKEND_FAULT, engine.getClass().getSimpleName() + " threw " + thrown, thrown);
    }

    private int facts() {
        return (handshakeDone() ? 1 : 0) + (inboundClosed() ? 2 : 0);
    }

    boolean handshakeDone() {
        return engine.handshakeDone();
    }

    boolean inboundClosed() {
        return engine.inboundClosed();
    }

    int netSize() {
        return engine.netSize();
    }

    int appSize() {
        return engine.appSize();
    }

    boolean isHeap() {
        return engine.memory() == TlsEngine.Memory.HEAP;
    }

    TlsSession session() throws TlsException {
        try {
            return engine.session();
        } catch (RuntimeException | Error e) {
            throw fault(e);
        }
    }

    void rekey() throws TlsException {
        if (!closed) {
            try {
                engine.rekey();
                answersDue += handshakeDone() ? ANSWERS : 0;
            } catch (RuntimeException | Error e) {
                throw fault(e);
            }
        }
    }

    byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) throws TlsException {
        if (closed) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "the connection is closed");
        }
        return engine.exportKeyingMaterial(label, context, length);
    }

    void closeNotify() throws TlsException {
        if (!closed) {
            try {
                engine.closeNotify();
            } catch (RuntimeException | Error e) {
                throw fault(e);
            }
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

    /** Frees it. What it throws is told to nobody: the connection is over. */
    void close() {
        if (lent) {
            closesWhenBack = true;
        } else if (!closed) {
            closed = true;
            try {
                engine.close();
            } catch (RuntimeException e) {
                System.getLogger(CheckedEngine.class.getName())
                        .log(System.Logger.Level.WARNING, "a TLS engine threw when it was closed", e);
            }
        }
    }
}
