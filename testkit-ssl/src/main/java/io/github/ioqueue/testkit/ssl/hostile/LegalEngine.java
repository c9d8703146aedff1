package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An engine without crypto that keeps its contract, and uses all the freedom that the contract gives: records of any
 * length, rests, tasks, growing buffers, new keys, facts told late. Its {@link Temper} says when. What it speaks are {@link
 * PlainRecords}. With it, nothing may be lost.
 */
public final class LegalEngine implements TlsEngine {

    private static final int LARGEST = 64 * 1024;
    private static final int LONGEST_RECORD = 16 * 1024;
    private static final int MOST_GROWTH = 8 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Temper temper;
    private final boolean client;
    private final boolean halfClose;
    private final Memory memory;
    private final int record;

    /** Records that were not flushed. */
    private final ArrayDeque<ByteBuffer> toSay = new ArrayDeque<>();

    /** Plaintext of a record that was consumed. */
    private ByteBuffer rest = NOTHING;

    private @Nullable Runnable task;
    private int netSize;
    private int appSize;
    private boolean begun;
    private boolean finishing;
    private boolean ready;
    private boolean done;
    private boolean newKeys;
    private boolean ended;
    private boolean inboundClosed;
    private boolean notified;
    private boolean failed;
    private boolean makesAlert;

    /**
     * Creates one that has not begun.
     *
     * @param halfClose whether it can send when the peer has closed, and receive when it has
     */
    public LegalEngine(Temper temper, boolean client, boolean halfClose) {
        this.temper = temper;
        this.client = client;
        this.halfClose = halfClose;
        memory = temper.below(2) == 0 ? Memory.HEAP : Memory.DIRECT;
        record = 1 + temper.below(LONGEST_RECORD);
        netSize = PlainRecords.HEADER + record;
        appSize = LONGEST_RECORD;
    }

    // ---- in

    @Override
    public Step receive(ByteBuffer netIn, ByteBuffer appOut) {
        if (inboundClosed || failed) {
            return Step.CLOSED;
        }
        if (task != null) {
            return Step.WANT_TASK;
        }
        if (tellsFact()) {
            return Step.PROGRESS;
        }
        if (notified && !halfClose) {
            return Step.CLOSED;
        }
        if (finishing || (!toSay.isEmpty() && temper.does(Misbehaviour.FLUSH_FIRST))) {
            return Step.WANT_FLUSH;
        }
        if (rest.hasRemaining()) {
            yieldRest(appOut, 1);
            return Step.PROGRESS;
        }
        if (PlainRecords.next(netIn.duplicate()) == null) {
            return Step.WANT_INPUT;
        }
        if (wantsTask()) {
            return Step.WANT_TASK;
        }
        if (appSize < LARGEST && temper.does(Misbehaviour.GROW_APP)) {
            appSize = grown(appSize);
        }
        if (appOut.remaining() < appSize) {
            return Step.WANT_APP_SPACE;
        }
        take(copy(PlainRecords.next(netIn)), appOut);
        return Step.PROGRESS;
    }

    private static ByteBuffer copy(@Nullable ByteBuffer whole) {
        return whole == null
                ? NOTHING
                : ByteBuffer.allocate(whole.remaining()).put(whole).flip();
    }

    private void take(ByteBuffer whole, ByteBuffer appOut) {
        char type = (char) whole.get();
        whole.position(PlainRecords.HEADER);
        switch (type) {
            case 'H' -> {
                finishing = true;
                say('F');
            }
            case 'F' -> ready();
            case 'D' -> {
                rest = whole;
                yieldRest(appOut, 0);
                if (temper.does(Misbehaviour.RENEGOTIATE)) {
                    rekey();
                }
            }
            case 'N' -> say('M');
            case 'M' -> newKeys = false;
            case 'C' -> end();
            default -> {
                // a ticket
            }
        }
        if (temper.does(Misbehaviour.TALK)) {
            say('T');
        }
    }

    private void yieldRest(ByteBuffer appOut, int atLeast) {
        int n = Math.min(rest.remaining(), appOut.remaining());
        if (n > atLeast && temper.does(Misbehaviour.REST_INSIDE)) {
            n = atLeast + temper.below(n - atLeast);
        }
        appOut.put(rest.slice(rest.position(), n));
        rest.position(rest.position() + n);
    }

    private void end() {
        ended = true;
        if (!halfClose) {
            closeNotify();
        }
        if (!halfClose || !temper.does(Misbehaviour.LATE_FACT)) {
            inboundClosed = true; // in time where its own close_notify comes of it
        }
    }

    // ---- out

    @Override
    public Step send(ByteBuffer appIn, ByteBuffer netOut) {
        if (notified || failed) {
            return Step.CLOSED;
        }
        if (task != null || wantsTask()) {
            return Step.WANT_TASK;
        }
        if (!toSay.isEmpty()) {
            return Step.WANT_FLUSH;
        }
        if (!done || newKeys) {
            return Step.WANT_INPUT;
        }
        if (isShort(netOut)) {
            return Step.WANT_NET_SPACE;
        }
        if (temper.does(Misbehaviour.EMPTY_RECORD)) {
            netOut.put(PlainRecords.record('D'));
            return Step.PROGRESS;
        }
        int n = Math.min(record, appIn.remaining());
        if (n > 1 && temper.does(Misbehaviour.SHORT_RECORD)) {
            n = 1 + temper.below(n - 1);
        }
        byte[] content = new byte[n];
        appIn.get(content);
        netOut.put(PlainRecords.record('D', content));
        return Step.PROGRESS;
    }

    @Override
    public Step flush(ByteBuffer netOut) {
        if (client && !begun) {
            begun = true;
            say('H');
        }
        if (task != null) {
            return Step.WANT_TASK;
        }
        if (tellsFact()) {
            return Step.PROGRESS;
        }
        if (toSay.isEmpty()) {
            return notified || failed ? Step.CLOSED : Step.WANT_INPUT;
        }
        if (isShort(netOut)) {
            return Step.WANT_NET_SPACE;
        }
        ByteBuffer next = toSay.element();
        int n = next.remaining();
        if (n > 1 && temper.does(Misbehaviour.PART_OF_OUTPUT)) {
            n = 1 + temper.below(n - 1);
        }
        netOut.put(next.slice(next.position(), n));
        next.position(next.position() + n);
        if (!next.hasRemaining()) {
            said(toSay.remove());
        }
        return Step.PROGRESS;
    }

    private void said(ByteBuffer whole) {
        if (whole.get(0) == 'F') {
            finishing = false;
            ready();
        }
    }

    private void say(char type) {
        toSay.add(ByteBuffer.wrap(PlainRecords.record(type)));
    }

    private boolean isShort(ByteBuffer netOut) {
        if (netSize < LARGEST && temper.does(Misbehaviour.GROW_NET)) {
            netSize = grown(netSize);
        }
        return netOut.remaining() < netSize;
    }

    private int grown(int size) {
        return Math.min(LARGEST, size + 1 + temper.below(MOST_GROWTH));
    }

    @Override
    public void closeNotify() {
        if (!notified && !failed) {
            notified = true;
            say('C');
        }
    }

    @Override
    public void rekey() {
        if (done && !newKeys && !notified && !failed) {
            newKeys = true;
            say('N');
        }
    }

    @Override
    public boolean fail(TlsAlert alert) {
        if (!failed) {
            failed = true;
            task = null;
            toSay.clear();
            makesAlert = !notified && !inboundClosed && !temper.does(Misbehaviour.NO_ALERT);
            if (makesAlert) {
                say('A');
            }
        }
        return makesAlert;
    }

    // ---- tasks and facts

    private boolean wantsTask() {
        if (temper.does(Misbehaviour.TASK_FIRST)) {
            task = () -> task = null;
        }
        return task != null;
    }

    private void ready() {
        ready = true;
        if (!temper.does(Misbehaviour.LATE_FACT)) {
            done = true;
        }
    }

    private boolean tellsFact() {
        boolean any = ready != done || ended != inboundClosed;
        done = ready;
        inboundClosed = ended;
        return any;
    }

    @Override
    public @Nullable Runnable takeTask() {
        return task;
    }

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
        return netSize;
    }

    @Override
    public int appSize() {
        return appSize;
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public TlsSession session() {
        if (!done) {
            throw new IllegalStateException("the handshake is not done");
        }
        return new TlsSession(TlsVersion.TLS_1_3, "TLS_NOTHING", null, null, List.of(), null, List.of());
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) {
        throw new UnsupportedOperationException("there are no keys");
    }

    @Override
    public void close() {
        toSay.clear();
    }
}
