package io.github.ioqueue.ssl;

import io.github.ioqueue.ClosedException;
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
 * The sending half of a TLS socket: from plaintext that was taken to ciphertext handed to the socket below.
 *
 * <pre>
 *   {@link Plaintext} ---- engine.send ----> encrypted ---- handed over ----> flying ---- written ----> owed: onSent
 *      waiting, in order              \
 *                       engine.flush --+--> {@link Ciphertext}
 * </pre>
 *
 * Work is done when the turn ends, so that what one turn sends shares records and a system call; only a large send goes
 * at once. One ciphertext op is in flight at a time, and a send is complete when the kernel has the last byte of its
 * ciphertext. Callbacks are made at the turn's end, never inside a send (R5). Polling thread only.
 */
final class Encrypting implements TurnEnd {

    private final TlsLife life;
    private final CheckedEngine engine;
    private final SendBudget budget;
    private final Plaintext plaintext;
    private final Ciphertext ciphertext;

    /** Wholly in ciphertext; the first {@link #flying} of them in what is being written. */
    private final ArrayDeque<WriteOp> encrypted = new ArrayDeque<>();

    /** Ops of the user's whose onSent is owed. */
    private final ArrayDeque<WriteOp> owed = new ArrayDeque<>();

    private int flying;
    private boolean awake;
    private boolean ending;
    private boolean notified;
    private boolean saidAll;
    private boolean waitsForInput;

    /** Why nothing will be sent any more; null while all is well. */
    private @Nullable IOException cause;

    Encrypting(TlsLife life, StreamSocket below, CheckedEngine engine, StreamConfig config) {
        this.life = life;
        this.engine = engine;
        this.budget = new SendBudget(config);
        this.plaintext = new Plaintext(life, budget, engine.isHeap());
        this.ciphertext = new Ciphertext(below, engine.isHeap());
    }

    Plaintext plaintext() {
        return plaintext;
    }

    // ---- when

    /** Has the work done when this turn ends. */
    void wake() {
        if (!awake) {
            awake = true;
            life.queue().atTurnEnd(this);
        }
    }

    @Override
    public int layer() {
        return 1;
    }

    @Override
    public void turnEnded() {
        awake = false;
        plaintext.takeArrivals();
        if (cause != null) {
            failWaiting(cause); // reserved before, arrived after
        } else if (notified && !plaintext.isEmpty()) {
            failWaiting(new ClosedException("the stream was ended before"));
        }
        pump();
        try {
            tellSent();
        } finally {
            if (!owed.isEmpty()) {
                wake(); // a callback threw: the others have theirs
            }
        }
        life.outputSettled();
    }

    /** Does what can be done now. */
    void pump() {
        try {
            do {
                fill();
            } while (ciphertext.isFilled() && !ciphertext.isWriting() && handOver());
            if (flying == 0 && !ciphertext.isFilled() && !ciphertext.isWriting()) {
                flying = encrypted.size(); // sends of nothing, which no ciphertext stands for
                landed();
            }
            life.lookAtFacts();
        } catch (TlsException e) {
            life.failed(e);
        }
        ciphertext.trim();
    }

    /** Tries a large send now; answers whether it is through already, so that no callback is due. */
    boolean pumpAndTake(WriteOp op) {
        pump();
        return owed.peekLast() == op && op.failure() == null && owed.pollLast() == op;
    }

    // ---- ciphertext is made

    /** Protocol bytes first, then plaintext, then the end, as far as there is room. */
    private void fill() throws TlsException {
        if (engine.isClosed()) {
            return; // what waits is failed when the socket below is closed
        }
        Step step = flush();
        while ((step == Step.WANT_INPUT || step == Step.CLOSED) && life.session() != null && !plaintext.isEmpty()) {
            step = encrypt(plaintext.first());
            if (step == Step.PROGRESS || step == Step.WANT_FLUSH) {
                step = flush();
            } else if (step == Step.CLOSED || (step == Step.WANT_INPUT && engine.inboundClosed())) {
                peerClosed(); // or it waits for what will not come
            } else {
                break;
            }
        }
        if (ending && !notified && plaintext.isEmpty() && step != Step.WANT_TASK && !life.isHandshaking()) {
            engine.closeNotify();
            notified = true;
            step = flush();
        }
        waitsForInput = !plaintext.isEmpty()
                && (step == Step.WANT_INPUT || (step == Step.WANT_NET_SPACE && engine.mayNegotiate()));
        saidAll = notified && step != Step.WANT_NET_SPACE;
    }

    /** One record of what waits first. */
    private Step encrypt(WriteOp op) throws TlsException {
        Step step = op.buffer().hasRemaining() ? Step.WANT_NET_SPACE : Step.PROGRESS;
        while (step == Step.WANT_NET_SPACE) {
            var out = room();
            if (out == null) {
                return step;
            }
            int before = op.buffer().remaining();
            step = engine.send(op.buffer(), out); // wants space again when its records have grown
            LayeredWrite.took(op, before - op.buffer().remaining());
        }
        if (step == Step.PROGRESS && !op.buffer().hasRemaining() && !engine.withholds()) {
            encrypted.add(plaintext.remove());
        }
        return step;
    }

    /** Moves the engine's own bytes out; answers what stopped that: {@code WANT_TASK} while that is done elsewhere. */
    Step flush() throws TlsException {
        if (life.offLoop().flushes()) {
            return Step.WANT_TASK;
        }
        Step step = Step.PROGRESS;
        while (step == Step.PROGRESS || step == Step.WANT_NET_SPACE) {
            var out = room();
            if (out == null) {
                return Step.WANT_NET_SPACE;
            }
            step = engine.flush(out);
        }
        return step;
    }

    /** Room for a record; null when it has to wait. */
    private @Nullable ByteBuffer room() throws TlsException {
        return ciphertext.room(engine.netSize(), budget.bytes());
    }

    /** Encrypts what waits as far as there is room, and hands nothing over. */
    void fillAhead() throws TlsException {
        if (!plaintext.isEmpty()) {
            fill();
        }
    }

    /** Room for what is encrypted elsewhere; null while what is filled waits to be handed over. */
    @Nullable ByteBuffer lendRoom() throws TlsException {
        return ciphertext.lend(engine.netSize());
    }

    void takeBackRoom(ByteBuffer filled) {
        ciphertext.takeBack(filled);
    }

    /** The peer's close_notify has ended this direction, too. */
    private void peerClosed() {
        failWaiting(new TlsException(
                Reason.PEER_CLOSED, "the peer has closed, " + plaintext.bytes() + " bytes were not sent"));
    }

    // ---- ciphertext goes

    /** Answers whether it is written already. */
    private boolean handOver() {
        flying = encrypted.size();
        Sending answer = ciphertext.handOver();
        if (answer == Sending.DONE) {
            landed();
        } else if (answer == Sending.FULL) {
            flying = 0;
        }
        return answer == Sending.DONE;
    }

    /** The socket below has written what was in flight; or has failed, and then it closes. */
    void written(WriteOp op) {
        ciphertext.written();
        if (op.failure() == null) {
            landed();
            wake();
        }
    }

    private void landed() {
        for (; flying > 0; flying--) {
            complete(encrypted.remove());
        }
        life.decrypting().unblock();
    }

    private void complete(WriteOp op) {
        long bytes = op.count() + op.buffer().remaining();
        if (!plaintext.recycle(op)) {
            owed.add(op);
            wake();
        }
        if (budget.release(bytes)) {
            life.later(life::writable);
        }
    }

    private void tellSent() {
        for (WriteOp op = owed.poll(); op != null; op = owed.poll()) {
            LayeredWrite.end(op);
            life.sent(op);
        }
    }

    // ---- the end

    /** Ends the stream behind all that was taken: nothing more is. */
    void end() {
        budget.shut();
        ending = true;
        wake();
    }

    /** Whether all that was taken is in the hands of the socket below, and the close_notify behind it. */
    boolean isEnded() {
        return saidAll && !ciphertext.isFilled();
    }

    /** Whether plaintext waits, and the engine for the peer, or may do so: a new handshake. */
    boolean waitsForInput() {
        return waitsForInput;
    }

    /** What is not encrypted will not be sent. */
    void failWaiting(IOException why) {
        cause = why;
        budget.shut();
        plaintext.takeArrivals();
        while (!plaintext.isEmpty()) {
            fail(plaintext.remove(), why);
        }
    }

    /** The socket below is closed: what is encrypted will not be sent. */
    void drop() {
        ciphertext.drop();
    }

    /** The socket below is closed. */
    void failAll(IOException why) {
        ciphertext.drop();
        flying = 0;
        while (!encrypted.isEmpty()) {
            fail(encrypted.remove(), why);
        }
        failWaiting(why);
        wake();
    }

    private void fail(WriteOp op, IOException why) {
        LayeredWrite.fail(op, why);
        complete(op);
    }

    /** Whether every send has had its outcome, and been told it. */
    boolean isSettled() {
        return budget.isEmpty() && owed.isEmpty();
    }

    SendBudget budget() {
        return budget;
    }

    @Override
    public String toString() {
        return budget + (ciphertext.isWriting() ? ", ciphertext in flight" : "");
    }
}
