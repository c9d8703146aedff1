package io.github.ioqueue.tests.tls;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server's end that answers every read with a copy of it, as an op of its own, and counts the callbacks. */
class OpEcho implements StreamHandler {

    private final CompletableFuture<StreamSocket> opened = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> end = new CompletableFuture<>();
    private final boolean beginsPaused;
    private int received;
    private int pending;
    private int told;

    OpEcho(boolean beginsPaused) {
        this.beginsPaused = beginsPaused;
    }

    @Override
    public void onOpen(StreamSocket socket) {
        if (beginsPaused) {
            socket.pauseReading();
        }
        opened.complete(socket);
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        int n = in.remaining();
        WriteOp op = new WriteOp(ByteBuffer.allocate(n).put(in.duplicate()).flip());
        Sending answer = socket.send(op);
        if (answer == Sending.FULL) {
            socket.pauseReading();
            return;
        }
        pending += answer == Sending.PENDING ? 1 : 0;
        in.position(in.limit());
        received += n;
    }

    int received() {
        return received;
    }

    @Override
    public void onWritable(StreamSocket socket) {
        socket.resumeReading();
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        told++;
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        end.complete(why);
    }

    /** Its socket, once it is open. */
    StreamSocket awaitOpen() throws Exception {
        return opened.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the end; fails unless every op that was pending was told, once. */
    CloseReason awaitEnd() throws Exception {
        CloseReason why = end.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (told != pending) {
            throw new AssertionError(pending + " ops were pending, and " + told + " were told; " + why, why.cause());
        }
        return why;
    }
}
