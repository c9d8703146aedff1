package io.github.ioqueue.ssl;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.HandlerCalls;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a TLS connection: from the ciphertext of the socket below to the handler.
 *
 * <pre>
 *   netIn, lent by the socket below ---- engine.receive, a record at a time ----> plain ----> handler
 *     an incomplete record stays there                                            what it leaves stays here
 * </pre>
 *
 * Each record's plaintext is offered at once, before the next is decrypted. An engine may be unable to send once it has read
 * the peer's close_notify, so all accepted plaintext is encrypted before a record that may be one. Engines that want arrays
 * get a copy of the ciphertext. Both buffers are pooled and given back when empty. Polling thread only, but for {@link
 * #pause} and {@link #resume}.
 */
final class TlsInbound {

    /** How often the handler is called in a row for bytes of one record. */
    private static final int REDELIVERIES = 1024;

    private static final int SCRATCH = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    /** The type of a record with an alert (RFC 5246, 6.2.1). */
    private static final int ALERT = 21;

    /** What becomes of what comes. */
    private enum Mode {
        /** The handler has it. */
        DELIVERING,
        /** It is closing, and until the turn ends it is not known whether the engine has to read on: it waits. */
        HELD,
        /** It is closing, and what was taken can go only when the engine has read on: new keys. Plaintext is dropped. */
        DISCARDING,
        /** Nothing is decrypted any more: it is dropped. */
        STOPPED
    }

    private final TlsConnection connection;
    private final StreamSocket below;
    private final CheckedEngine engine;
    private final TlsOutbound outbound;
    private final HandlerCalls calls;
    private final int maxUnread;
    private final Runnable goOn = this::goOnOrBreak;

    private volatile boolean paused;

    // ---- polling thread only

    /** Plaintext from position to limit; null if there is none. */
    private @Nullable ByteBuffer plain;

    private boolean blocked;
    private Mode mode = Mode.DELIVERING;

    /** The rest of the plaintext is delivered in a turn of its own; nothing is decrypted before that. */
    private boolean resting;

    private boolean delivering;
    private boolean newHandler;

    /** A thread is inside a send, and what comes may be the peer's close_notify: its bytes are encrypted first. */
    private boolean awaitsArrival;

    TlsInbound(
            TlsConnection connection,
            StreamSocket below,
            CheckedEngine engine,
            TlsOutbound outbound,
            HandlerCalls calls,
            StreamConfig config) {
        this.connection = connection;
        this.below = below;
        this.engine = engine;
        this.outbound = outbound;
        this.calls = calls;
        this.maxUnread = config.maxUnread();
    }

    // ---- any thread

    void pause() {
        paused = true;
        below.pauseReading();
    }

    void resume() {
        paused = false;
        connection.later(goOn);
    }

    // ---- polling thread

    /** Ciphertext has come. */
    void received(ByteBuffer netIn) {
        if (delivering) {
            return; // the handler is inside onData: what it asks for goes on when it returns
        }
        delivering = true;
        try {
            decrypt(netIn);
        } catch (TlsException e) {
            connection.failed(e);
        } finally {
            delivering = false;
            trim();
            if (mode == Mode.STOPPED) {
                netIn.position(netIn.limit());
            } else if (!goesOn()) {
                below.pauseReading();
            }
        }
    }

    private void decrypt(ByteBuffer netIn) throws TlsException {
        if (!engine.isHeap() || netIn.hasArray()) {
            decryptAll(netIn);
            return;
        }
        ByteBuffer scratch = buffers().acquireHeap(Math.min(SCRATCH, netIn.remaining()));
        try {
            int n;
            do {
                n = Math.min(scratch.capacity(), netIn.remaining());
                scratch.clear().put(0, netIn, netIn.position(), n).limit(n);
                decryptAll(scratch);
                netIn.position(netIn.position() + scratch.position());
            } while (n == scratch.capacity() && scratch.position() > 0 && goesOn());
        } finally {
            buffers().release(scratch);
        }
    }

    private boolean goesOn() {
        return switch (mode) {
            case DELIVERING -> !paused && !blocked && !resting && !awaitsArrival;
            case DISCARDING -> !blocked && !awaitsArrival;
            case HELD, STOPPED -> false;
        };
    }

    private void decryptAll(ByteBuffer in) throws TlsException {
        Step step = Step.PROGRESS;
        while (goesOn() && (step == Step.PROGRESS || step == Step.WANT_FLUSH || step == Step.WANT_APP_SPACE)) {
            if (mayEndOutput(in) && !outbound.encryptAhead()) {
                awaitsArrival = true;
                return;
            }
            ByteBuffer out = room(engine.appSize());
            boolean more = in.hasRemaining();
            try {
                step = engine.receive(in, out);
            } finally {
                out.flip();
            }
            // Only an engine that must speak first waits for room; else two that both wait to write would both not
            // read.
            blocked = outbound.flush(false) == Step.WANT_NET_SPACE && step == Step.WANT_FLUSH;
            outbound.wake();
            connection.lookAtFacts();
            deliver();
            boolean ended = engine.inboundClosed();
            if ((ended || (more && step == Step.CLOSED)) && mode != Mode.STOPPED && !resting) {
                in.position(in.limit());
                if (ended) {
                    connection.peerEnded();
                } else if (mode == Mode.DELIVERING) { // it may be data, or the peer's end
                    throw readsNoMore();
                }
                return;
            }
        }
    }

    private TlsException readsNoMore() {
        String name = connection.handshake().backend().name();
        return new TlsException(
                Reason.TRUNCATED, name + " reads nothing behind its own close_notify, and something came");
    }

    /**
     * Returns true if the next record may be a close_notify behind which this engine cannot send. With TLS 1.3 every record
     * may be one; with TLS 1.2 its type tells.
     */
    private boolean mayEndOutput(ByteBuffer in) {
        return in.hasRemaining()
                && connection.handshake().session() != null
                && !connection.handshake().maySendAfterPeersEnd()
                && (connection.handshake().isTls13() || in.get(in.position()) == ALERT);
    }

    /** What another thread was sending has arrived. */
    void arrived() {
        if (awaitsArrival) {
            awaitsArrival = false;
            connection.later(goOn);
        }
    }

    /** The plaintext buffer, to be written to behind what is unread, with so much room. */
    private ByteBuffer room(int bytes) {
        ByteBuffer old = plain;
        if (old == null) {
            plain = acquire(bytes);
            return plain;
        }
        if (old.capacity() - old.remaining() >= bytes) {
            return old.compact();
        }
        plain = acquire(Math.max(2 * old.remaining(), old.remaining() + bytes)).put(old);
        buffers().release(old);
        return plain;
    }

    /** Room for what is decrypted elsewhere, behind what is unread; {@link #takeBackRoom} has it back. */
    ByteBuffer lendRoom() throws TlsException {
        ByteBuffer out = room(engine.appSize());
        plain = null;
        return out;
    }

    void takeBackRoom(ByteBuffer out) {
        plain = out.flip();
        trim();
    }

    /** Calls the handler while it takes something. */
    private void deliver() {
        ByteBuffer in = plain;
        if (in != null && mode == Mode.DISCARDING) {
            in.position(in.limit());
        }
        for (int i = 0; in != null && in.hasRemaining() && goesOn() && connection.isReading(); i++) {
            if (i == REDELIVERIES) {
                resting = true;
                connection.later(goOn);
                return;
            }
            int before = in.remaining();
            newHandler = false;
            calls.data(in);
            if (in.remaining() == before && !newHandler) {
                if (before >= maxUnread) {
                    connection.abortNow(CloseReason.remainderFull(before));
                }
                return;
            }
        }
    }

    /** Gives back what is empty, and keeps no more room than what is unread needs. */
    private void trim() {
        ByteBuffer large = plain;
        if (large == null) {
            return;
        }
        int rest = mode == Mode.DELIVERING ? large.remaining() : 0;
        if (rest <= large.capacity() / 2) {
            plain = rest == 0 ? null : acquire(rest).put(large).flip();
            buffers().release(large);
        }
    }

    /** There is a new handler: what is unread is offered to it. */
    void offerAgain() {
        newHandler = true;
        if (plain != null && !delivering) {
            connection.later(goOn);
        }
    }

    /** The ciphertext before has gone, there is room for more. */
    void unblock() {
        if (blocked) {
            blocked = false;
            connection.later(goOn);
        }
    }

    /** A task: whatever it throws costs this connection. */
    private void goOnOrBreak() {
        try {
            goOn();
        } catch (Throwable e) {
            connection.broken(e);
            throw e;
        }
    }

    /** First what is unread here, then what the engine has inside, then what is unread below. */
    void goOn() {
        resting = false;
        if (!goesOn() || delivering || connection.offLoop().isOut()) {
            return;
        }
        delivering = true;
        try {
            deliver();
        } finally {
            delivering = false;
            trim();
        }
        if (goesOn() && !connection.offLoop().isUsed()) {
            received(NOTHING);
        }
        if (goesOn()) {
            below.resumeReading();
        }
    }

    /** The connection closes gracefully: {@link #outputAdvanced} decides when to stop. */
    void end() {
        if (mode == Mode.DELIVERING) {
            mode = Mode.HELD;
        }
    }

    /** What could be encrypted is; what is left waits for input, or not. */
    void outputAdvanced(boolean waitsForInput) {
        if (mode == Mode.HELD && waitsForInput) {
            mode = Mode.DISCARDING;
            connection.later(goOn);
        } else if (mode != Mode.DELIVERING && mode != Mode.STOPPED && !waitsForInput) {
            stop();
        }
    }

    /** Decrypts no more; what still comes is dropped. */
    void stop() {
        mode = Mode.STOPPED;
        below.resumeReading(); // so that the end of the peer's stream is seen
        if (!delivering) {
            trim();
        }
    }

    int unread() {
        return plain == null ? 0 : plain.remaining();
    }

    private ByteBuffer acquire(int bytes) {
        return engine.isHeap() ? buffers().acquireHeap(bytes) : buffers().acquire(bytes);
    }

    private BufferPool buffers() {
        return below.queue().buffers();
    }

    @Override
    public String toString() {
        return (mode != Mode.DELIVERING
                        ? mode.toString()
                        : paused ? "paused" : blocked ? "waiting for room to answer" : "reading")
                + ", " + unread() + " unread";
    }
}
