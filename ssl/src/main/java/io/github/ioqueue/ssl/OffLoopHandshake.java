package io.github.ioqueue.ssl;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Has the steps of a handshake done by an executor, so that certificates and signatures do not hold up the loop. Whether
 * an engine hands such work out as tasks or does it inside its steps is all one: the steps themselves go.
 *
 * <pre>
 *   loop        bytes have come, or something is to be said: lend the engine, a copy of the bytes, and room ---+
 *   executor                                             flush, then receive and flush while something moves   |
 *   loop        all is given back: hand over what was said, read on behind what was consumed &lt;----------------+
 * </pre>
 *
 * While the engine is lent nobody else calls it: reading is paused, sends wait as plaintext, and who closes the engine
 * closes it when it comes back; the socket itself is closed at once. The bytes stay unread in the socket below until it is
 * known how many were consumed, so what is left of them needs no place here. Polling thread only, but for {@link #run}.
 */
final class OffLoopHandshake implements Runnable {

    private static final int MOST_AT_A_TIME = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The engine and what it works on while it is lent. */
    private record Loan(ByteBuffer netIn, ByteBuffer appOut, ByteBuffer netOut) {}

    private final TlsConnection connection;
    private final StreamSocket below;
    private final IoQueue queue;
    private final CheckedEngine engine;

    /** Null: the loop does it all, and nothing is lent. */
    private final @Nullable Executor executor;

    /** Null while the engine is here. */
    private @Nullable Loan loan;

    /** The executor has the work and has not begun it. */
    private final AtomicBoolean due = new AtomicBoolean();

    /** The engine may have something to say, or could not say all of it. */
    private boolean owes = true;

    /** Of the unread bytes of the socket below, so many at the front are consumed already. */
    private int consumed;

    /** So many unread bytes were not enough. */
    private int notEnough;

    // ---- written by the executor, read when the engine is back

    private Step received = Step.WANT_INPUT;
    private Step flushed = Step.WANT_INPUT;
    private @Nullable TlsException failure;

    OffLoopHandshake(TlsConnection connection, StreamSocket below, CheckedEngine engine, @Nullable Executor executor) {
        this.connection = connection;
        this.below = below;
        this.queue = below.queue();
        this.engine = engine;
        this.executor = executor;
    }

    /** Whether the engine is lent. */
    boolean isOut() {
        return loan != null;
    }

    /** Whether the engine takes its next steps off the loop. */
    boolean isUsed() {
        return executor != null && connection.isHandshaking();
    }

    // ---- lending

    /** Passes over what is consumed of the unread bytes; answers whether the rest is for here, too. */
    boolean takes(ByteBuffer netIn) {
        // When it has ended meanwhile, what was consumed has been dropped, as all is from then on.
        netIn.position(netIn.position() + Math.min(consumed, netIn.remaining()));
        consumed = 0;
        if (isUsed() && netIn.remaining() > notEnough) {
            try {
                begin(netIn);
            } catch (TlsException e) {
                connection.failed(e);
            }
        }
        return isUsed();
    }

    /** Answers whether what the engine has to say is said from here, not by whoever asks. */
    boolean flushes() throws TlsException {
        if (isUsed() && owes) {
            begin(NOTHING);
        }
        return isUsed() || isOut();
    }

    private void begin(ByteBuffer netIn) throws TlsException {
        if (isOut() || executor == null) {
            return;
        }
        ByteBuffer netOut = connection.outbound().lendRoom();
        if (netOut == null) {
            owes = true; // it begins when what is filled has been handed over
            return;
        }
        ByteBuffer appOut = lendAppOut(netOut);
        int n = Math.min(netIn.remaining(), MOST_AT_A_TIME);
        ByteBuffer copy = engine.isHeap() ? buffers().acquireHeap(n) : buffers().acquire(n);
        copy.put(0, netIn, netIn.position(), n).limit(n);
        loan = new Loan(copy, appOut, netOut);
        below.pauseReading();
        engine.lend();
        due.set(true);
        try {
            executor.execute(this);
        } catch (Throwable e) { // it refuses, or has no thread to be had
            if (due.compareAndSet(true, false)) {
                failure = new TlsException(Reason.TOO_MANY_HANDSHAKES, "the executor refuses its work: " + e, e);
                giveBack();
            } else {
                queue.report(e); // behind its work
            }
        }
    }

    private ByteBuffer lendAppOut(ByteBuffer netOut) throws TlsException {
        try {
            return connection.inbound().lendRoom();
        } catch (TlsException e) {
            connection.outbound().takeBackRoom(netOut);
            throw e;
        }
    }

    // ---- on the executor

    @Override
    public void run() {
        if (!due.compareAndSet(true, false)) {
            return; // an executor that runs its work twice
        }
        try {
            steps(Objects.requireNonNull(loan));
        } catch (TlsException e) {
            failure = e;
        } catch (Throwable e) {
            failure = new TlsException(Reason.BACKEND_FAULT, "a step of the handshake threw " + e, e);
        } finally {
            giveBack();
        }
    }

    private void steps(Loan lent) throws TlsException {
        flushed = flushInto(lent.netOut);
        received = Step.WANT_INPUT;
        do {
            if (flushed == Step.WANT_NET_SPACE || engine.handshakeDone()) {
                return;
            }
            received = engine.receive(lent.netIn, lent.appOut);
            if (engine.inboundClosed()) {
                return; // what the engine has to say to that is flushed on the loop, or not at all
            }
            flushed = flushInto(lent.netOut);
        } while (received == Step.PROGRESS || received == Step.WANT_FLUSH);
    }

    private Step flushInto(ByteBuffer netOut) throws TlsException {
        Step step;
        do {
            step = engine.flush(netOut);
        } while (step == Step.PROGRESS);
        return step;
    }

    private void giveBack() {
        try {
            queue.execute(this::back);
        } catch (RejectedExecutionException closed) {
            engine.takeBack(); // the queue is closed, everything on it has ended: only the engine is left
        }
    }

    // ---- back on the loop

    private void back() {
        Loan returned = Objects.requireNonNull(loan);
        loan = null;
        consumed += returned.netIn.position(); // of the unread bytes below, which are not offered between two loans
        boolean stuck = flushed == Step.WANT_NET_SPACE || received == Step.WANT_APP_SPACE;
        owes = stuck;
        notEnough = stuck ? 0 : returned.netIn.remaining();
        buffers().release(returned.netIn);
        connection.outbound().takeBackRoom(returned.netOut);
        connection.inbound().takeBackRoom(returned.appOut);
        engine.takeBack();
        connection.engineIsBack(failure);
        failure = null;
    }

    private BufferPool buffers() {
        return queue.buffers();
    }
}
