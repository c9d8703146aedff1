package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends random bytes in pieces, by both kinds of send in turn, and compares what comes: the same again, or what the other
 * end sends of its own. Closes when all is sent and all is there, or when the comparison fails. Every callback is counted.
 * With no bytes at all to send or to come it sends a piece by each kind, and closes.
 */
class EchoClient implements StreamHandler {

    private final byte[] bytes;
    private final int[] pieces;
    private int window = Integer.MAX_VALUE;
    private final CompletableFuture<CloseReason> end = new CompletableFuture<>();
    private final CompletableFuture<StreamSocket> opened = new CompletableFuture<>();
    private final ArrayDeque<WriteOp> owed = new ArrayDeque<>();

    private byte[] expected;
    private boolean opsOnly;
    private boolean beginsPaused;
    private boolean held;
    private int sent;
    private int piece;
    private int received;
    private int done;
    private int pending;
    private int told;
    private int failed;
    private String wrong = "";
    private volatile TlsSession session;

    EchoClient(long seed, int size, int... pieces) {
        this.bytes = random(seed, size);
        this.expected = bytes;
        this.pieces = pieces;
    }

    private static byte[] random(long seed, int size) {
        byte[] random = new byte[size];
        new Random(seed).nextBytes(random);
        return random;
    }

    /** Expects the bytes of another one, not its own. */
    EchoClient expecting(EchoClient other) {
        expected = other.bytes;
        return this;
    }

    /** Sends each piece as an op. */
    EchoClient byOps() {
        opsOnly = true;
        return this;
    }

    /** Reads nothing before it is told to. */
    EchoClient paused() {
        beginsPaused = true;
        return this;
    }

    /** Sends nothing before it is told to. */
    EchoClient held() {
        held = true;
        return this;
    }

    /** Any thread. */
    void release() throws Exception {
        StreamSocket socket = awaitOpen();
        socket.queue().execute(() -> {
            held = false;
            sendMore(socket);
        });
    }

    /** Has no more than so many bytes on their way there and back; answers itself. */
    final EchoClient window(int bytes) {
        window = bytes;
        return this;
    }

    // ---- sends

    @Override
    public void onOpen(StreamSocket socket) {
        if (socket instanceof SslSocket tls) {
            session = tls.session();
        }
        if (beginsPaused) {
            socket.pauseReading();
        }
        opened.complete(socket);
        if (bytes.length == 0 && expected.length == 0) {
            sendNothing(socket);
        } else {
            sendMore(socket);
        }
    }

    private void sendNothing(StreamSocket socket) {
        ByteBuffer nothing = ByteBuffer.wrap(bytes);
        if (!copy(socket, nothing) || !op(socket, new WriteOp(nothing))) {
            wrong = "nothing was not taken";
        }
        socket.close();
    }

    /** Before each piece that is sent; answers whether it may be. */
    boolean mayGo(StreamSocket socket, int number) {
        return true;
    }

    /** All of it has been taken. */
    void allTaken(StreamSocket socket) {}

    final void sendMore(StreamSocket socket) {
        boolean any = !held && sent < bytes.length;
        while (any && sent < bytes.length && sent - received < window && mayGo(socket, piece)) {
            int n = Math.min(pieces[piece % pieces.length], bytes.length - sent);
            ByteBuffer next = ByteBuffer.wrap(bytes, sent, n);
            if ((!opsOnly && piece % 2 == 0) ? !copy(socket, next) : !op(socket, new WriteOp(next))) {
                return;
            }
            sent += n;
            piece++;
        }
        if (any && sent == bytes.length) {
            allTaken(socket);
            closeIfThrough(socket);
        }
    }

    private static boolean copy(StreamSocket socket, ByteBuffer next) {
        return socket.send(next) == Sent.TAKEN;
    }

    private boolean op(StreamSocket socket, WriteOp op) {
        Sending answer = socket.send(op);
        if (answer == Sending.PENDING) {
            owed.add(op);
            pending++;
        } else if (answer == Sending.DONE) {
            done++;
        }
        return answer == Sending.PENDING || answer == Sending.DONE;
    }

    @Override
    public void onWritable(StreamSocket socket) {
        sendMore(socket);
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        told++;
        if (owed.poll() != op) {
            wrong = "completion " + told + " is not that of the op whose turn it is";
        }
        if (op.failure() != null) {
            failed++;
        } else if (op.buffer().hasRemaining()) {
            wrong = "an op is complete, and " + op.buffer().remaining() + " bytes of it are not sent";
        }
    }

    // ---- receives

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        int n = in.remaining();
        if (received + n > expected.length
                || !ByteBuffer.wrap(expected, received, n).equals(in)) {
            wrong = "other bytes came, at or behind " + received;
            socket.abort();
            return;
        }
        in.position(in.limit());
        received += n;
        if (window < Integer.MAX_VALUE) {
            sendMore(socket);
        }
        closeIfThrough(socket);
    }

    private void closeIfThrough(StreamSocket socket) {
        if (received == expected.length && sent == bytes.length) {
            socket.close();
        }
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        if (told != pending) {
            wrong = pending + " ops were pending, and " + told + " were told";
        }
        end.complete(why);
    }

    int size() {
        return bytes.length;
    }

    int received() {
        return received;
    }

    // ---- seen from another thread

    /** Its socket, once it is open. */
    StreamSocket awaitOpen() throws Exception {
        return opened.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the end; fails unless every byte came, and every callback. */
    CloseReason awaitAll() throws Exception {
        CloseReason why = awaitEnd();
        if (received != expected.length) {
            throw new AssertionError(
                    wrong + "; " + received + " of " + expected.length + " bytes came; " + why, why.cause());
        }
        return why;
    }

    boolean hasEnded() {
        return end.isDone();
    }

    /** Waits for the end, however it may come; fails if callbacks were not as they are to be, or bytes others. */
    CloseReason awaitEnd() throws Exception {
        CloseReason why = end.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong + "; " + why, why.cause());
        }
        return why;
    }

    /** Once it has ended: ops were pending, each was told once, and each was sent. */
    void assertAllSent() {
        assertThat(pending).isPositive();
        assertThat(told).isEqualTo(pending);
        assertThat(failed).isZero();
    }

    TlsSession session() {
        return session;
    }

    // ---- the counts, once it has ended

    /** How many ops were through at once. */
    int done() {
        return done;
    }

    /** How many were pending, and so owed their callback. */
    int pending() {
        return pending;
    }

    /** How many callbacks came. */
    int told() {
        return told;
    }

    /** How many of them told of a failure. */
    int failed() {
        return failed;
    }
}
