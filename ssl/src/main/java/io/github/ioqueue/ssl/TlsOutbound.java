package io.github.ioqueue.ssl;

import io.github.ioqueue.LayeredWrite;
import io.github.ioqueue.TurnEnd;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.SendBudget;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a TLS connection: from accepted plaintext to ciphertext with the socket below.
 *
 * <pre>
 *   PlaintextQueue ---- engine.send ----> encrypted ---- its ciphertext is written ----> complete: onSent
 *      waiting, in order              \
 *                       engine.flush --+--> CiphertextBuffers
 * </pre>
 *
 * Work is done when the callback ends, so that what one callback sends shares records and a system call; only a large send
 * goes at once. One ciphertext op is in flight at a time. {@code onSent} is called at the end of a callback, never inside a
 * send (R5). Polling thread only.
 */
final class TlsOutbound implements TurnEnd {

    private final TlsConnection connection;
    private final CheckedEngine engine;
    private final SendBudget budget;
    private final PlaintextQueue plaintext;
    private final CiphertextBuffers ciphertext;

    /** Sends that are wholly in ciphertext, in order. */
    private final ArrayDeque<WriteOp> encrypted = new ArrayDeque<>();

    /** Ops of the user's whose onSent is due. */
    private final ArrayDeque<WriteOp> deferred = new ArrayDeque<>();

    private boolean awake;

    /** The engine was asked for its close_notify, or for an alert. */
    private boolean ending;

    /** The engine has no more output of its own. */
    private boolean flushed;

    private boolean waitsForInput;

    /** Accepted bytes that will not be sent. */
    private long unsentBytes;

    /** Why nothing will be sent any more; else null. */
    private @Nullable IOException refusal;

    TlsOutbound(TlsConnection connection, StreamSocket below, CheckedEngine engine, StreamConfig config) {
        this.connection = connection;
        this.engine = engine;
        this.budget = new SendBudget(config);
        this.plaintext = new PlaintextQueue(connection, budget, engine.isHeap());
        this.ciphertext = new CiphertextBuffers(below, engine.isHeap());
    }

    PlaintextQueue plaintext() {
        return plaintext;
    }

    // ---- when

    /** Has the work done when this callback ends. */
    void wake() {
        if (!awake) {
            awake = true;
            connection.queue().atTurnEnd(this);
        }
    }

    @Override
    public int layer() {
        return 1;
    }

    @Override
    public void turnEnded() {
        awake = false;
        try {
            plaintext.takeArrivals();
            if (refusal != null) {
                failWaiting(refusal); // reserved before, arrived after
            }
            pump();
            deliverSent();
            connection.outputAdvanced();
        } catch (Throwable e) {
            connection.broken(e);
            wake(); // for the sends whose onSent is due yet, and for onClosed
            throw e;
        }
    }

    void pump() {
        try {
            do {
                fill(false);
            } while (ciphertext.isReady() && !ciphertext.isWriting() && handOver());
            connection.lookAtFacts();
        } catch (TlsException e) {
            connection.failed(e);
        }
        ciphertext.trim();
    }

    /** Does what can be done inside a send: onOpen, which may come of the work, does not. */
    void sendNow() {
        if (!connection.isHandshaking()) {
            pump();
        }
    }

    /** Tries a large send now. Returns true if it is complete, so that no callback is due. */
    boolean sendNow(WriteOp op) {
        sendNow();
        return deferred.peekLast() == op && op.failure() == null && deferred.pollLast() == op;
    }

    // ---- ciphertext is made

    /** Protocol bytes first, then plaintext, as far as there is room; if {@code ahead}, all there is. */
    private void fill(boolean ahead) throws TlsException {
        if (engine.isClosed()) {
            return; // what waits fails when the socket below is closed
        }
        Step step = flush(ahead);
        while ((step == Step.WANT_INPUT || step == Step.CLOSED)
                && connection.handshake().session() != null
                && !plaintext.isEmpty()) {
            step = encrypt(plaintext.first(), ahead);
            if (step == Step.PROGRESS || step == Step.WANT_FLUSH) {
                step = flush(ahead);
            } else if (step == Step.CLOSED || (step == Step.WANT_INPUT && engine.inboundClosed())) {
                throw new TlsException( // or it waits for what will not come
                        Reason.PEER_CLOSED, "the peer has closed, " + plaintext.bytes() + " bytes were not sent");
            } else {
                break;
            }
        }
        waitsForInput = !plaintext.isEmpty()
                && (step == Step.WANT_INPUT || (step == Step.WANT_NET_SPACE && engine.mayNegotiate()));
        flushed = step != Step.WANT_NET_SPACE && step != Step.WANT_TASK;
    }

    /** One record of what waits first. */
    private Step encrypt(WriteOp op, boolean ahead) throws TlsException {
        Step step = op.buffer().hasRemaining() ? Step.WANT_NET_SPACE : Step.PROGRESS;
        while (step == Step.WANT_NET_SPACE) {
            var out = room(ahead);
            if (out == null) {
                return step;
            }
            int before = op.buffer().remaining();
            step = engine.send(op.buffer(), out); // wants space again when its records have grown
            int taken = before - op.buffer().remaining();
            LayeredWrite.took(op, taken);
            ciphertext.took(taken);
        }
        if (step == Step.PROGRESS && !op.buffer().hasRemaining() && !engine.withholds()) {
            plaintext.remove();
            encrypted.add(op);
            if (!ciphertext.endSend()) {
                complete(encrypted.remove()); // a send of nothing
            }
        }
        return step;
    }

    /** Moves the engine's own bytes out. Returns what stopped that: {@code WANT_TASK} while an executor does it. */
    Step flush(boolean ahead) throws TlsException {
        if (connection.offLoop().flushes()) {
            return Step.WANT_TASK;
        }
        requireAllEncryptedBehindPeersEnd();
        Step step = Step.PROGRESS;
        while (step == Step.PROGRESS || step == Step.WANT_NET_SPACE) {
            var out = room(ahead);
            if (out == null) {
                return Step.WANT_NET_SPACE;
            }
            step = engine.flush(out);
        }
        return step;
    }

    /**
     * An engine that cannot send behind the peer's close_notify yields its own next. It must not go if accepted bytes are
     * missing before it.
     */
    private void requireAllEncryptedBehindPeersEnd() throws TlsException {
        if (!engine.isClosed()
                && engine.inboundClosed()
                && !connection.handshake().maySendAfterPeersEnd()) {
            budget.shut();
            if (!isAllEncrypted()) {
                throw new TlsException(Reason.PEER_CLOSED, "the peer closed before all that was accepted was sent");
            }
        }
    }

    private @Nullable ByteBuffer room(boolean ahead) throws TlsException {
        return ciphertext.room(engine.netSize(), budget.bytes(), ahead);
    }

    /**
     * Encrypts all accepted plaintext, into as many buffers as it takes. An engine may be unable to send once it has read
     * the peer's close_notify; what was accepted before must be ciphertext by then. Reading must not stop until there is room
     * instead: two peers that both send in bulk would both stop.
     *
     * @return false if another thread is inside a send: its bytes are accepted, and are not here yet
     */
    boolean encryptAhead() throws TlsException {
        plaintext.takeArrivals();
        if (!plaintext.isEmpty()) {
            fill(true);
        }
        return budget.sends() == plaintext.size() + encrypted.size();
    }

    /** Returns a buffer to fill elsewhere; null while what is filled waits to be handed over. */
    @Nullable ByteBuffer lendRoom() throws TlsException {
        return ciphertext.lend(engine.netSize());
    }

    void takeBackRoom(ByteBuffer filled) {
        ciphertext.takeBack(filled);
    }

    // ---- ciphertext goes

    /** Returns true if it is written already. */
    private boolean handOver() {
        boolean written = ciphertext.handOver() == Sending.DONE;
        if (written) {
            complete(ciphertext.written());
        }
        return written;
    }

    /** The socket below has written what was in flight; or has failed, and then it closes. */
    void written(WriteOp op) {
        if (op.failure() == null) {
            complete(ciphertext.written());
            wake();
        }
    }

    private void complete(int sends) {
        for (int left = sends; left > 0; left--) {
            complete(encrypted.remove());
        }
        connection.inbound().unblock();
    }

    private void complete(WriteOp op) {
        long bytes = op.count() + op.buffer().remaining();
        if (!plaintext.recycle(op)) {
            deferred.add(op);
            wake();
        }
        if (budget.release(bytes)) {
            connection.later(this::writable);
        }
    }

    private void writable() {
        if (!budget.isShut()) {
            connection.calls().writable();
        }
    }

    /** Changes the keys; not before the handshake is done, nor when the output ends. */
    void rekey() {
        if (connection.isOpen()) {
            try {
                engine.rekey();
            } catch (TlsException e) {
                connection.failed(e);
            }
            wake();
        }
    }

    private void deliverSent() {
        for (WriteOp op = deferred.poll(); op != null; op = deferred.poll()) {
            LayeredWrite.end(op);
            connection.calls().sent(op);
        }
    }

    // ---- the end

    /** Sends close_notify behind all ciphertext there is. */
    void endOutput() throws TlsException {
        ending = true;
        flushed = false;
        engine.closeNotify();
        wake();
    }

    /** Sends the alert of an engine that has failed behind all ciphertext there is. Returns false if there is none. */
    boolean flushAlert() {
        ending = true;
        wake();
        long before = ciphertext.bytes();
        try {
            flush(true);
        } catch (TlsException e) {
            return false; // the connection fails for a reason that is known already
        }
        flushed = true;
        return ciphertext.bytes() > before;
    }

    /** Returns true if every accepted byte is ciphertext, also those of a thread that is inside a send. */
    boolean isAllEncrypted() {
        return plaintext.isEmpty() && budget.sends() == encrypted.size();
    }

    /** Returns true if every accepted byte is with the kernel. */
    boolean isAllWritten() {
        return budget.isEmpty() && ciphertext.isEmpty();
    }

    /** Returns true if close_notify or the alert is ciphertext. */
    boolean isEndQueued() {
        return ending && flushed;
    }

    /** Returns true if close_notify or the alert is with the kernel, and all before it. */
    boolean isEndWritten() {
        return isEndQueued() && ciphertext.isEmpty();
    }

    long unsentBytes() {
        return unsentBytes;
    }

    /** Returns true if plaintext waits, and the engine for the peer, or may do so: a new handshake. */
    boolean waitsForInput() {
        return waitsForInput;
    }

    /** Plaintext that is not encrypted will not be sent. */
    void failWaiting(IOException why) {
        refusal = why;
        budget.shut();
        plaintext.takeArrivals();
        while (!plaintext.isEmpty()) {
            fail(plaintext.remove(), why);
        }
    }

    /** The socket below is closed: ciphertext will not be sent. */
    void drop() {
        unsentBytes += ciphertext.drop();
    }

    /** The socket below is closed. */
    void failAll(IOException why) {
        drop();
        while (!encrypted.isEmpty()) {
            fail(encrypted.remove(), why);
        }
        failWaiting(why);
        wake();
    }

    private void fail(WriteOp op, IOException why) {
        unsentBytes += op.buffer().remaining();
        LayeredWrite.fail(op, why);
        complete(op);
    }

    /** Returns true if every send is complete and its callback was made. */
    boolean isSettled() {
        return budget.isEmpty() && deferred.isEmpty();
    }

    SendBudget budget() {
        return budget;
    }

    @Override
    public String toString() {
        return budget + (ciphertext.isWriting() ? ", ciphertext in flight" : "");
    }
}
