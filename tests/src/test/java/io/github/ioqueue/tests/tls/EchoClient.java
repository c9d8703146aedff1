package io.github.ioqueue.tests.tls;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends random bytes in pieces, by both kinds of send in turn, and compares what comes back. Closes when all is there, or
 * when the comparison fails.
 */
class EchoClient implements StreamHandler {

    private final byte[] bytes;
    private final int[] pieces;
    private final CompletableFuture<CloseReason> end = new CompletableFuture<>();

    private int sent;
    private int piece;
    private int received;
    private int pendingOps;
    private String wrong = "";
    private volatile TlsSession session;

    EchoClient(long seed, int size, int... pieces) {
        this.bytes = new byte[size];
        this.pieces = pieces;
        new Random(seed).nextBytes(bytes);
    }

    @Override
    public void onOpen(StreamSocket socket) {
        if (socket instanceof SslSocket tls) {
            session = tls.session();
        }
        sendMore(socket);
    }

    private void sendMore(StreamSocket socket) {
        while (sent < bytes.length) {
            int n = Math.min(pieces[piece % pieces.length], bytes.length - sent);
            ByteBuffer next = ByteBuffer.wrap(bytes, sent, n);
            if (piece % 2 == 0 ? !copy(socket, next) : !op(socket, new WriteOp(next))) {
                return;
            }
            sent += n;
            piece++;
        }
    }

    private static boolean copy(StreamSocket socket, ByteBuffer next) {
        return socket.send(next) == Sent.TAKEN;
    }

    private boolean op(StreamSocket socket, WriteOp op) {
        Sending answer = socket.send(op);
        if (answer == Sending.PENDING) {
            pendingOps++;
        }
        return answer == Sending.PENDING || answer == Sending.DONE;
    }

    @Override
    public void onWritable(StreamSocket socket) {
        sendMore(socket);
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        pendingOps--;
        if (op.failure() == null && op.buffer().hasRemaining()) {
            wrong = "an op is complete, and " + op.buffer().remaining() + " bytes of it are not sent";
        }
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        int n = in.remaining();
        if (received + n > bytes.length || !ByteBuffer.wrap(bytes, received, n).equals(in)) {
            wrong = "other bytes came back, at or behind " + received;
            socket.abort();
            return;
        }
        in.position(in.limit());
        received += n;
        if (received == bytes.length) {
            socket.close();
        }
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        if (pendingOps != 0) {
            wrong = pendingOps + " ops are without their completion";
        }
        end.complete(why);
    }

    /** Waits for the end; fails unless every byte came back. */
    CloseReason awaitAll() throws Exception {
        CloseReason why = awaitEnd();
        if (!wrong.isEmpty() || received != bytes.length) {
            throw new AssertionError(wrong + "; " + received + " of " + bytes.length + " bytes came back; " + why);
        }
        return why;
    }

    boolean hasEnded() {
        return end.isDone();
    }

    CloseReason awaitEnd() throws Exception {
        return end.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    TlsSession session() {
        return session;
    }
}
