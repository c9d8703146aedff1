package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine around another, whatever it is, that keeps a record of what goes through it, for who has to judge its user:
 * plaintext taken, plaintext yielded, ciphertext said, how often it was closed and what was called afterwards. And it ends
 * a user that spins: more calls in a turn than the bytes moved in it account for throw a {@link Spin}.
 */
public final class WatchedEngine implements TlsEngine {

    private static final int STEPS_PER_TURN = 8 * 1024;
    private static final int STEPS_PER_BYTE = 4;

    private final TlsEngine engine;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final ByteArrayOutputStream yielded = new ByteArrayOutputStream();
    private final List<Said> said = new ArrayList<>();
    private long steps;
    private long stepsThisTurn;
    private long bytesThisTurn;
    private int closes;
    private @Nullable Spin spin;
    private @Nullable String afterClose;

    /**
     * What one call said.
     *
     * @param ciphertext not to be changed
     * @param plaintext how much plaintext the call took
     */
    public record Said(ByteBuffer ciphertext, int plaintext) {}

    /** Who calls the engine does so for ever. Of the machine's errors, for those nobody may hold up. */
    public static final class Spin extends VirtualMachineError {
        private static final long serialVersionUID = 1;

        Spin(String message) {
            super(message);
        }
    }

    /** Watches an engine. */
    public WatchedEngine(TlsEngine engine) {
        this.engine = engine;
    }

    // ---- for the judge

    /** A new turn begins: it may take as many steps as the one before. */
    public void turn() {
        stepsThisTurn = 0;
        bytesThisTurn = 0;
    }

    /** The plaintext that it took. */
    public byte[] taken() {
        return taken.toByteArray();
    }

    /** The plaintext that it yielded. */
    public byte[] yielded() {
        return yielded.toByteArray();
    }

    /** The ciphertext, call by call. */
    public List<Said> said() {
        return List.copyOf(said);
    }

    /** How many steps it was asked for. */
    public long steps() {
        return steps;
    }

    /** How often it was closed. */
    public int closes() {
        return closes;
    }

    /** What was called when it was closed; null if nothing. */
    public @Nullable String calledAfterClose() {
        return afterClose;
    }

    // ---- the engine

    @Override
    public Step receive(ByteBuffer netIn, ByteBuffer appOut) throws TlsException {
        enter("receive");
        int in = netIn.position();
        int out = appOut.position();
        Step step = engine.receive(netIn, appOut);
        moved(netIn.position() - in, appOut.position() - out);
        yielded.writeBytes(bytes(appOut, out));
        return step;
    }

    @Override
    public Step send(ByteBuffer appIn, ByteBuffer netOut) throws TlsException {
        enter("send");
        int in = appIn.position();
        int out = netOut.position();
        Step step = engine.send(appIn, netOut);
        moved(appIn.position() - in, netOut.position() - out);
        byte[] plaintext = bytes(appIn, in);
        taken.writeBytes(plaintext);
        said(bytes(netOut, out), plaintext.length);
        return step;
    }

    @Override
    public Step flush(ByteBuffer netOut) throws TlsException {
        enter("flush");
        int out = netOut.position();
        Step step = engine.flush(netOut);
        moved(0, netOut.position() - out);
        said(bytes(netOut, out), 0);
        return step;
    }

    private void said(byte[] bytes, int plaintext) {
        if (bytes.length > 0) {
            said.add(new Said(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), plaintext));
        }
    }

    /** What was read or written since a position; nothing if the engine has gone back. */
    private static byte[] bytes(ByteBuffer buffer, int since) {
        byte[] some = new byte[Math.max(0, buffer.position() - since)];
        ByteBuffer all = buffer.duplicate().clear();
        all.get(since, some);
        return some;
    }

    private void moved(int consumed, int produced) {
        bytesThisTurn += Math.max(0, consumed) + Math.max(0, produced);
    }

    private void enter(String verb) {
        called(verb);
        steps++;
        if (++stepsThisTurn > STEPS_PER_TURN + STEPS_PER_BYTE * bytesThisTurn) {
            spin = new Spin(stepsThisTurn + " steps for " + bytesThisTurn + " bytes");
            throw spin;
        }
    }

    /** Why its user seems to spin; null while it does not. */
    public @Nullable Spin spin() {
        return spin;
    }

    private void called(String what) {
        if (closes > 0 && afterClose == null) {
            afterClose = what;
        }
    }

    private <T> T ask(String what, Supplier<T> fact) {
        called(what);
        return fact.get();
    }

    @Override
    public @Nullable Runnable takeTask() {
        called("takeTask");
        return engine.takeTask();
    }

    @Override
    public void closeNotify() {
        called("closeNotify");
        engine.closeNotify();
    }

    @Override
    public boolean fail(TlsAlert alert) {
        called("fail");
        return engine.fail(alert);
    }

    @Override
    public void rekey() throws TlsException {
        called("rekey");
        engine.rekey();
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) throws TlsException {
        called("exportKeyingMaterial");
        return engine.exportKeyingMaterial(label, context, length);
    }

    @Override
    public boolean handshakeDone() {
        return ask("handshakeDone", engine::handshakeDone);
    }

    @Override
    public boolean inboundClosed() {
        return ask("inboundClosed", engine::inboundClosed);
    }

    @Override
    public int netSize() {
        return ask("netSize", engine::netSize);
    }

    @Override
    public int appSize() {
        return ask("appSize", engine::appSize);
    }

    @Override
    public Memory memory() {
        return ask("memory", engine::memory);
    }

    @Override
    public TlsSession session() {
        return ask("session", engine::session);
    }

    @Override
    public void close() {
        closes++;
        engine.close();
    }
}
