package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Sends random bytes in pieces of random sizes, by both kinds of send, as room allows, and keeps the books of its ops. What
 * it does with what comes is for those who extend it.
 */
abstract class Sending implements StreamHandler {

    final byte[] bytes;
    private final int largestPiece;
    private final Random random;
    int sent;
    private int nextPiece;
    private int pendingOps;
    private CloseReason closed;

    Sending(Random random, int size, int largestPiece) {
        this.random = random;
        this.largestPiece = largestPiece;
        bytes = new byte[size];
        random.nextBytes(bytes);
    }

    @Override
    public void onOpen(StreamSocket socket) {
        sendMore(socket);
    }

    @Override
    public void onWritable(StreamSocket socket) {
        sendMore(socket);
    }

    private void sendMore(StreamSocket socket) {
        while (sent < bytes.length) {
            if (nextPiece == 0) {
                nextPiece = Math.min(1 + random.nextInt(largestPiece), bytes.length - sent);
            }
            if (!send(socket, ByteBuffer.wrap(bytes, sent, nextPiece))) {
                return;
            }
            sent += nextPiece;
            nextPiece = 0;
        }
        allSent(socket);
    }

    private boolean send(StreamSocket socket, ByteBuffer piece) {
        if (random.nextBoolean()) {
            return socket.send(piece) == Sent.TAKEN;
        }
        StreamSocket.Sending answer = socket.send(new WriteOp(piece));
        if (answer == StreamSocket.Sending.PENDING) {
            pendingOps++;
        }
        return answer == StreamSocket.Sending.PENDING || answer == StreamSocket.Sending.DONE;
    }

    /** All was taken. */
    void allSent(StreamSocket socket) {}

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        pendingOps--;
        if (op.failure() == null && op.buffer().hasRemaining()) {
            throw new AssertionError("an op is complete, and " + op.buffer().remaining() + " bytes are not sent");
        }
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        closed = why;
        if (pendingOps != 0) {
            throw new AssertionError(pendingOps + " ops are without their completion");
        }
    }

    boolean isClosed() {
        return closed != null;
    }

    CloseReason.Kind end() {
        return closed.kind();
    }

    /** Takes what comes, which must be what was sent from {@code place} on. */
    static int compare(byte[] expected, int place, ByteBuffer in) {
        int n = in.remaining();
        if (place + n > expected.length || !ByteBuffer.wrap(expected, place, n).equals(in)) {
            throw new AssertionError("other bytes, at or behind " + place);
        }
        in.position(in.limit());
        return n;
    }
}
