package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An engine without crypto: what it would encrypt can be read on the wire, and its answers are the test's to choose.
 *
 * <pre>
 *   record: one letter, two bytes of length, content
 *
 *   H hello ----> F finished ----> D data ... C close      A alert, after a failure
 * </pre>
 *
 * The server answers H with F and is done when that has left; the client begins with H and is done with F.
 */
public final class ScriptedEngine implements TlsEngine {

    /** The most content of a record. */
    public static final int RECORD = 1000;

    private static final int HEADER = 3;

    /** What a call does instead of its work. */
    @FunctionalInterface
    public interface Trick {
        /** Answers a step, or throws. */
        Step play() throws TlsException;
    }

    private final boolean client;
    private final Memory memory;
    private boolean begun;
    private boolean done;
    private boolean inboundClosed;
    private boolean notify;
    private boolean notified;
    private boolean failed;
    private boolean alertSent;
    private boolean makesAlerts = true;
    private @Nullable TlsAlert failedWith;
    private boolean helloSeen;
    private boolean taskOwed;
    private boolean busy;
    private int tasksRun;
    private int closes;
    private int netSize = HEADER + RECORD;
    private int needed;
    private @Nullable Trick onReceive;
    private @Nullable Trick onSend;
    private @Nullable Trick onFlush;

    /** Creates one that has not begun. */
    public ScriptedEngine(boolean client, Memory memory) {
        this.client = client;
        this.memory = memory;
    }

    // ---- the test's side

    /** A record as it is on the wire. */
    public static byte[] record(char type, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(HEADER + bytes.length)
                .put((byte) type)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    /** The next receive plays a trick. */
    public void onReceive(Trick trick) {
        onReceive = trick;
    }

    /** The next send plays a trick. */
    public void onSend(Trick trick) {
        onSend = trick;
    }

    /** The next flush plays a trick. */
    public void onFlush(Trick trick) {
        onFlush = trick;
    }

    /** The answer to the hello needs a task first. */
    public void withTask() {
        taskOwed = true;
    }

    /** It negotiates again, or no more: nothing can be sent meanwhile. */
    public void busy(boolean on) {
        busy = on;
    }

    /**
     * It finds with its next data, or with its answer to the hello, that it needs so much room, in bytes, although it has
     * asked for less until then.
     */
    public void needs(int room) {
        needed = room;
    }

    /** From here on it can make no alert. */
    public void withoutAlert() {
        makesAlerts = false;
    }

    /** Returns what it was failed with; null if nobody called {@link #fail}. */
    public @Nullable TlsAlert failedWith() {
        return failedWith;
    }

    /** How many tasks ran. */
    public int tasksRun() {
        return tasksRun;
    }

    /** How often it was closed. */
    public int closes() {
        return closes;
    }

    // ---- the engine

    @Override
    public Step receive(ByteBuffer netIn, ByteBuffer appOut) throws TlsException {
        Trick trick = onReceive;
        onReceive = null;
        if (trick != null) {
            return play(trick);
        }
        if (inboundClosed) {
            return Step.CLOSED;
        }
        if (helloSeen && !done) {
            return taskOwed ? Step.WANT_TASK : Step.WANT_FLUSH;
        }
        if (netIn.remaining() < HEADER || netIn.remaining() < HEADER + netIn.getShort(netIn.position() + 1)) {
            return Step.WANT_INPUT;
        }
        if (appOut.remaining() < appSize()) {
            return Step.WANT_APP_SPACE;
        }
        char type = (char) netIn.get();
        ByteBuffer content = netIn.slice(netIn.position() + 2, netIn.getShort(netIn.position()));
        netIn.position(netIn.position() + 2 + content.remaining());
        take(type, content, appOut);
        return Step.PROGRESS;
    }

    private void take(char type, ByteBuffer content, ByteBuffer appOut) {
        switch (type) {
            case 'H' -> {
                if (helloSeen) {
                    throw new IllegalStateException("a second hello");
                }
                helloSeen = true;
            }
            case 'F' -> done = true;
            case 'D' -> appOut.put(content);
            case 'C' -> inboundClosed = true;
            default -> throw new IllegalStateException("no record: " + type);
        }
    }

    @Override
    public Step send(ByteBuffer appIn, ByteBuffer netOut) throws TlsException {
        Trick trick = onSend;
        onSend = null;
        if (trick != null) {
            return play(trick);
        }
        if (notify || failed) {
            return Step.CLOSED;
        }
        if (!done || busy) {
            return Step.WANT_INPUT;
        }
        if (isShort(netOut)) {
            return Step.WANT_NET_SPACE;
        }
        int n = Math.min(RECORD, appIn.remaining());
        netOut.put((byte) 'D').putShort((short) n).put(appIn.slice(appIn.position(), n));
        appIn.position(appIn.position() + n);
        return Step.PROGRESS;
    }

    @Override
    public Step flush(ByteBuffer netOut) throws TlsException {
        Trick trick = onFlush;
        onFlush = null;
        if (trick != null) {
            return play(trick);
        }
        if (failed) {
            boolean first = !alertSent && makesAlerts;
            alertSent = true;
            return first ? say('A', netOut) : Step.CLOSED;
        }
        if (client && !begun) {
            begun = true;
            return say('H', netOut);
        }
        if (helloSeen && !done) {
            if (taskOwed) {
                return Step.WANT_TASK;
            }
            if (isShort(netOut)) {
                return Step.WANT_NET_SPACE;
            }
            done = true;
            return say('F', netOut);
        }
        if (notify && !notified) {
            notified = true;
            return say('C', netOut);
        }
        return notified ? Step.CLOSED : Step.WANT_INPUT;
    }

    private boolean isShort(ByteBuffer netOut) {
        netSize = Math.max(netSize, needed);
        return netOut.remaining() < netSize;
    }

    private static Step say(char type, ByteBuffer netOut) {
        netOut.put((byte) type).putShort((short) 0);
        return Step.PROGRESS;
    }

    private Step play(Trick trick) throws TlsException {
        try {
            return trick.play();
        } catch (TlsException | RuntimeException | Error e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public Runnable takeTask() {
        return () -> {
            taskOwed = false;
            tasksRun++;
        };
    }

    @Override
    public void closeNotify() {
        notify |= !failed;
    }

    @Override
    public boolean fail(TlsAlert alert) {
        failedWith = failedWith == null ? alert : failedWith;
        makesAlerts &= !notify && !inboundClosed;
        failed = true;
        return makesAlerts;
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
        return RECORD;
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public TlsSession session() {
        return new TlsSession(TlsVersion.TLS_1_3, "TLS_SCRIPTED", null, null, List.of(), null, List.of());
    }

    @Override
    public void rekey() {
        throw new UnsupportedOperationException("not in this script");
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) {
        throw new UnsupportedOperationException("not in this script");
    }

    @Override
    public void close() {
        closes++;
    }
}
