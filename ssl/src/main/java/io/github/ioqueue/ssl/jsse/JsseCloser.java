package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Fails and closes an {@link SSLEngine}. The output of a failed engine is collected here at once, and {@link #flush} copies
 * it out.
 *
 * <pre>
 *   the engine failed  ------------------------------------+
 *   we failed it  ----> one impossible record: it fails ---+--> wrap, whatever the status says: its fatal alert
 *   it threw an unchecked exception, or closes already --------> no alert
 * </pre>
 *
 * An {@code SSLEngine} has no method that makes an alert, so this class makes it fail. {@code closeOutbound} is no
 * substitute: it yields close_notify, which tells the peer that it has received everything.
 */
final class JsseCloser {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** One provider throws its failure again from the first wrap, and yields the alert by the second. */
    private static final int MAX_EMPTY_WRAPS = 2;

    /** A flight of a handshake that is still inside takes six wraps. */
    private static final int MAX_STEPS = 16;

    private static final int DISCARD_WRAPS = 2;
    private static final int CONTENT = 32;

    /**
     * Types of record that no engine accepts with this content. Data does for all that were tried; but a server that
     * refuses early data may skip it (RFC 8446, 4.2.10).
     */
    private static final byte[] TYPES = {23, 22}; // application_data, handshake

    private static final byte CONTENT_BYTE = (byte) 0xff;

    /** Takes output and plaintext that is copied or dropped at once. */
    private static final ThreadLocal<ByteBuffer> DISCARD_BUFFER = ThreadLocal.withInitial(() -> NOTHING);

    private final SSLEngine engine;
    private final JsseHandshake handshake;

    /** What is still to be flushed, once it has failed. */
    private ByteBuffer output = NOTHING;

    private boolean failed;
    private boolean engineFailed;
    private boolean alert;

    JsseCloser(SSLEngine engine, JsseHandshake handshake) {
        this.engine = engine;
        this.handshake = handshake;
    }

    /** Returns true after any of the verbs below: from then on nothing but {@link #flush} has an effect. */
    boolean hasFailed() {
        return failed;
    }

    // ---- failing

    /**
     * The engine has thrown an {@link SSLException}: takes its alert. One provider looks at headers before its engine does,
     * which then does not know that it has failed.
     *
     * @param byAlert the peer has sent a fatal alert, which none answers
     */
    void takeAlert(boolean byAlert) {
        if (!failed) {
            failed = true;
            engineFailed = true;
            collect(this::drain);
            if (!alert && !byAlert) {
                collect(this::breakEngine);
            }
        }
    }

    /** The engine has thrown something else, and may not know that it has failed: nothing more leaves it. */
    void abandon() {
        failed = true;
    }

    /**
     * Has the engine fail, and takes its alert.
     *
     * @param unsent output of the engine that was not sent: it precedes the alert
     * @return true if there is an alert, also if there was one before
     */
    boolean makeAlert(ByteBuffer unsent) {
        if (!failed) {
            failed = true;
            append(unsent);
            handshake.abandon();
            collect(this::breakEngine);
        }
        return alert;
    }

    private void collect(Runnable steps) {
        handshake.enter();
        try {
            steps.run();
        } catch (RuntimeException e) {
            // It is out of order: what it has produced until now is all.
        } finally {
            JsseHandshake.leave();
        }
    }

    private void breakEngine() {
        if (engine.isInboundDone() || engine.isOutboundDone()) {
            return; // it reads no more, or is about to send close_notify
        }
        settle();
        for (byte type : TYPES) {
            if (!alert) {
                feed(type);
                drain();
            }
        }
    }

    /** Runs its tasks and takes its output, for until then it reads nothing. */
    private void settle() {
        for (int steps = 0; steps < MAX_STEPS && !engineFailed; steps++) {
            HandshakeStatus now = engine.getHandshakeStatus();
            if (now == HandshakeStatus.NEED_TASK) {
                Runnable task = engine.getDelegatedTask();
                if (task == null) {
                    return;
                }
                task.run();
            } else if (now != HandshakeStatus.NEED_WRAP || !take()) {
                return;
            }
        }
    }

    /** Hands it a whole record that it cannot accept; plaintext of a record before is dropped. */
    private void feed(byte type) {
        byte[] record = new byte[RecordHeader.SIZE + CONTENT];
        Arrays.fill(record, CONTENT_BYTE);
        ByteBuffer in = ByteBuffer.wrap(record).put(type).put((byte) 3).put((byte) 3);
        in.putShort((short) CONTENT).rewind();
        try {
            SSLEngineResult result;
            int steps = 0;
            do {
                result = engine.unwrap(in, discard(engine.getSession().getApplicationBufferSize()));
            } while (result.bytesConsumed() + result.bytesProduced() > 0 && in.hasRemaining() && ++steps < MAX_STEPS);
        } catch (SSLException e) {
            engineFailed = true;
        }
    }

    private void drain() {
        int empty = 0;
        for (int wraps = 0; wraps < MAX_STEPS && empty < MAX_EMPTY_WRAPS; wraps++) {
            empty += take() ? 0 : 1;
        }
    }

    /** Wraps once; returns true if there was output. */
    private boolean take() {
        ByteBuffer out = wrapped();
        out.flip();
        alert |= engineFailed && out.hasRemaining();
        return append(out);
    }

    /** One provider wants room for all that it holds, and does not say how much. */
    private ByteBuffer wrapped() {
        int room = engine.getSession().getPacketBufferSize();
        while (true) {
            ByteBuffer out = discard(room);
            try {
                SSLEngineResult result = engine.wrap(NOTHING, out);
                if (result.getStatus() != Status.BUFFER_OVERFLOW || out.position() > 0 || room >= TlsEngine.MOST_ROOM) {
                    return out;
                }
            } catch (SSLException e) {
                engineFailed = true;
                return out;
            }
            room *= 2;
        }
    }

    private boolean append(ByteBuffer more) {
        boolean any = more.hasRemaining();
        if (any) {
            output = ByteBuffer.allocate(output.remaining() + more.remaining())
                    .put(output)
                    .put(more)
                    .flip();
        }
        return any;
    }

    /** Moves out what is left of the output. */
    Step flush(ByteBuffer netOut) {
        if (!output.hasRemaining()) {
            return Step.CLOSED;
        }
        int n = Math.min(netOut.remaining(), output.remaining());
        netOut.put(output.slice(output.position(), n));
        output.position(output.position() + n);
        return n > 0 ? Step.PROGRESS : Step.WANT_NET_SPACE;
    }

    // ---- closing

    /** Closes an engine that was only asked for its parameters. What it throws is ignored: it has answered. */
    static void discard(SSLEngine engine) {
        try {
            new JsseCloser(engine, new JsseHandshake(null)).close();
        } catch (RuntimeException e) {
            // It has answered.
        }
    }

    /** Closes both sides. One provider holds two descriptors until then, and until its close_notify has been taken. */
    void close() {
        try {
            closeOutbound();
        } finally {
            closeInbound();
        }
    }

    private void closeOutbound() {
        engine.closeOutbound();
        boolean more = !engine.isOutboundDone();
        for (int i = 0; i < DISCARD_WRAPS && more; i++) {
            more = wrapped().position() > 0;
        }
    }

    private void closeInbound() {
        try {
            engine.closeInbound();
        } catch (SSLException e) {
            // A truncation is the flow's to report.
        }
    }

    private static ByteBuffer discard(int size) {
        ByteBuffer buffer = DISCARD_BUFFER.get();
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(size);
            DISCARD_BUFFER.set(buffer);
        }
        return buffer.clear();
    }
}
