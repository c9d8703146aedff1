package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LegalEngine} gone bad: it throws, lies, forgets, and never ends, as its {@link Temper} has it. Whoever drives it
 * has to fail that one connection, once, and must not be held up by it.
 *
 * <pre>
 *   verb ---- throws? ---- lies about its step? ---- moves what it must not? ---- else as the legal one
 * </pre>
 */
public final class HostileEngine implements TlsEngine {

    private static final int HUGE = Integer.MAX_VALUE;
    private static final int MOST_GARBAGE = 100;

    private final Temper temper;
    private final LegalEngine legal;

    private @Nullable Misbehaviour stuck;
    private boolean wantsTask;
    private boolean hadDone;
    private boolean hadEnded;
    private int growth;

    /** Creates one that has not begun; arguments are those of the {@link LegalEngine} inside. */
    public HostileEngine(Temper temper, boolean client, boolean halfClose) {
        this.temper = temper;
        this.legal = new LegalEngine(temper, client, halfClose);
    }

    // ---- the verbs

    @Override
    public Step receive(ByteBuffer netIn, ByteBuffer appOut) throws TlsException {
        throwSomething(netIn, appOut);
        Step lie = lie(Step.WANT_APP_SPACE, netIn, appOut);
        if (lie != null) {
            return lie;
        }
        if (is(Misbehaviour.DEAF)) {
            return Step.WANT_INPUT;
        }
        if (is(Misbehaviour.DATA_FROM_NOTHING) || (legal.inboundClosed() && is(Misbehaviour.DATA_AFTER_END))) {
            garbage(appOut);
            return Step.PROGRESS;
        }
        return legal.receive(netIn, appOut);
    }

    @Override
    public Step send(ByteBuffer appIn, ByteBuffer netOut) throws TlsException {
        throwSomething(appIn, netOut);
        Step lie = lie(Step.WANT_NET_SPACE, appIn, netOut);
        if (lie != null) {
            return lie;
        }
        if (is(Misbehaviour.BUSY)) {
            return Step.WANT_INPUT;
        }
        if (appIn.remaining() > 1 && does(Misbehaviour.SWALLOW)) {
            appIn.position(appIn.limit());
            return Step.PROGRESS;
        }
        if (appIn.remaining() > MOST_GARBAGE && does(Misbehaviour.SWALLOW_SOME)) {
            garbage(netOut);
            appIn.position(appIn.limit());
            return Step.PROGRESS;
        }
        return legal.send(appIn, netOut);
    }

    @Override
    public Step flush(ByteBuffer netOut) throws TlsException {
        throwSomething(netOut, netOut);
        Step lie = lie(Step.WANT_NET_SPACE, netOut, netOut);
        if (lie != null) {
            return lie;
        }
        if (netOut.remaining() >= PlainRecords.HEADER && is(Misbehaviour.TALK_FOR_EVER)) {
            garbage(netOut);
            return Step.PROGRESS;
        }
        return legal.flush(netOut);
    }

    // ---- crimes

    private boolean does(Misbehaviour kind) {
        return temper.does(kind);
    }

    /** Whether it does so from now on, or has before. */
    private boolean is(Misbehaviour kind) {
        if (stuck == null && does(kind)) {
            stuck = kind;
        }
        return stuck == kind;
    }

    private void throwSomething(ByteBuffer in, ByteBuffer out) throws TlsException {
        if (stuck == Misbehaviour.THROW_AGAIN || does(Misbehaviour.THROW_TLS) || is(Misbehaviour.THROW_AGAIN)) {
            legal.fail(TlsAlert.INTERNAL_ERROR);
            throw new TlsException(Reason.PEER_MISBEHAVED, "it says");
        }
        if (does(Misbehaviour.THROW_RUNTIME)) {
            legal.fail(TlsAlert.INTERNAL_ERROR);
            throw new IllegalArgumentException("out of the blue");
        }
        if (does(Misbehaviour.THROW_ERROR)) {
            legal.fail(TlsAlert.INTERNAL_ERROR);
            throw new LinkageError("out of the blue");
        }
        if (does(Misbehaviour.THROW_MOVED)) {
            garbage(out);
            in.position(in.limit());
            legal.fail(TlsAlert.INTERNAL_ERROR);
            throw new IllegalStateException("in the middle of it");
        }
    }

    /** A step that says what is not so, or null. */
    private @Nullable Step lie(Step space, ByteBuffer in, ByteBuffer out) {
        if (does(Misbehaviour.NULL_STEP)) {
            return untold();
        }
        if (does(Misbehaviour.FALSE_PROGRESS)) {
            return Step.PROGRESS;
        }
        if (does(Misbehaviour.FALSE_FLUSH)) {
            return Step.WANT_FLUSH;
        }
        if (does(Misbehaviour.FALSE_SPACE)) {
            return space;
        }
        if (does(Misbehaviour.WRONG_STEP)) {
            return space == Step.WANT_APP_SPACE ? Step.WANT_NET_SPACE : Step.WANT_APP_SPACE;
        }
        if (is(Misbehaviour.CLOSED_EARLY)) {
            return Step.CLOSED;
        }
        if (is(Misbehaviour.TASKS_FOR_EVER) || does(Misbehaviour.NULL_TASK)) {
            wantsTask = true;
            return Step.WANT_TASK;
        }
        if (is(Misbehaviour.GROW_FOR_EVER)) {
            growth = out.remaining() + 1;
            return space;
        }
        return moves(in, out) ? Step.PROGRESS : null;
    }

    @SuppressWarnings("NullAway") // on purpose
    private static Step untold() {
        return null;
    }

    private boolean moves(ByteBuffer in, ByteBuffer out) {
        if (does(Misbehaviour.MOVE_BACK)) {
            ByteBuffer one = in.position() > 0 ? in : out;
            one.position(one.position() > 0 ? one.position() - 1 : one.position());
            return true;
        }
        if (out.hasRemaining() && does(Misbehaviour.MOVE_LIMIT)) {
            out.limit(out.position());
            return true;
        }
        return false;
    }

    private void garbage(ByteBuffer out) {
        int n = Math.min(MOST_GARBAGE, out.remaining() - PlainRecords.HEADER);
        if (n > 0) {
            out.put(PlainRecords.record('Z', new byte[temper.below(n)]));
        }
    }

    // ---- the rest

    @Override
    public @Nullable Runnable takeTask() {
        if (does(Misbehaviour.THROW_TAKE_TASK)) {
            throw new IllegalStateException("no task today");
        }
        if (wantsTask) {
            wantsTask = false;
            return stuck == Misbehaviour.TASKS_FOR_EVER ? () -> {} : null;
        }
        Runnable task = legal.takeTask();
        return task == null ? null : () -> run(task);
    }

    private void run(Runnable task) {
        if (does(Misbehaviour.THROW_TASK)) {
            throw new IllegalStateException("not this task");
        }
        task.run();
    }

    @Override
    public void closeNotify() {
        if (does(Misbehaviour.THROW_CLOSE_NOTIFY)) {
            throw new IllegalStateException("it will not close");
        }
        legal.closeNotify();
    }

    @Override
    public boolean fail(TlsAlert alert) {
        if (does(Misbehaviour.THROW_FAIL)) {
            throw new IllegalStateException("it will not fail");
        }
        return legal.fail(alert);
    }

    @Override
    public void rekey() {
        if (does(Misbehaviour.THROW_REKEY)) {
            throw new UnsupportedOperationException("although it says it can");
        }
        legal.rekey();
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) {
        return legal.exportKeyingMaterial(label, context, length);
    }

    @Override
    public boolean handshakeDone() {
        throwFact();
        if (is(Misbehaviour.NEVER_DONE) || (hadDone && does(Misbehaviour.UNDONE))) {
            return false;
        }
        hadDone = legal.handshakeDone() || is(Misbehaviour.DONE_AT_ONCE);
        return hadDone;
    }

    @Override
    public boolean inboundClosed() {
        throwFact();
        if (hadEnded && does(Misbehaviour.END_TAKEN_BACK)) {
            return false;
        }
        hadEnded = legal.inboundClosed() || is(Misbehaviour.END_EARLY);
        return hadEnded;
    }

    private void throwFact() {
        if (does(Misbehaviour.THROW_FACT)) {
            throw new IllegalStateException("do not ask");
        }
    }

    @Override
    public int netSize() {
        return size(legal.netSize());
    }

    @Override
    public int appSize() {
        return size(legal.appSize());
    }

    private int size(int good) {
        throwFact();
        if (does(Misbehaviour.HUGE_SIZE)) {
            return HUGE;
        }
        return does(Misbehaviour.NEGATIVE_SIZE) ? -1 : Math.max(good, growth);
    }

    @Override
    public Memory memory() {
        if (does(Misbehaviour.THROW_MEMORY)) {
            throw new IllegalStateException("do not ask");
        }
        return legal.memory();
    }

    @Override
    public TlsSession session() {
        if (does(Misbehaviour.THROW_SESSION)) {
            throw new IllegalStateException("there was a session");
        }
        if (does(Misbehaviour.NULL_SESSION)) {
            return noSession();
        }
        return legal.session();
    }

    @SuppressWarnings("NullAway") // on purpose
    private static TlsSession noSession() {
        return null;
    }

    @Override
    public void close() {
        legal.close();
        if (does(Misbehaviour.THROW_CLOSE)) {
            throw new LinkageError("it will not go");
        }
    }
}
