package io.github.ioqueue.tests.interop;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends bytes, takes as many as are expected, both at once, and stays open until it is closed. */
final class Transfer implements StreamHandler {

    private static final int PIECE = 60_000;

    private final ByteBuffer toSend;
    private final int toReceive;
    private final MessageDigest digest = Bytes.digest();
    private final CompletableFuture<Void> allReceived = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> end = new CompletableFuture<>();
    private final CompletableFuture<StreamSocket> open = new CompletableFuture<>();
    private int received;

    Transfer(byte[] toSend, int toReceive) {
        this.toSend = ByteBuffer.wrap(toSend);
        this.toReceive = toReceive;
    }

    @Override
    public void onOpen(StreamSocket socket) {
        open.complete(socket);
        sendMore(socket);
    }

    @Override
    public void onWritable(StreamSocket socket) {
        sendMore(socket);
    }

    private void sendMore(StreamSocket socket) {
        while (toSend.hasRemaining()) {
            ByteBuffer piece = toSend.slice(toSend.position(), Math.min(PIECE, toSend.remaining()));
            if (socket.send(piece) != Sent.TAKEN) {
                return;
            }
            toSend.position(toSend.position() + piece.limit());
        }
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        received += in.remaining();
        digest.update(in);
        if (received >= toReceive) {
            allReceived.complete(null);
        }
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        end.complete(why);
        allReceived.completeExceptionally(new AssertionError(received + " of " + toReceive + " bytes came, " + why));
    }

    /** The checksum of all that came, when so much has come as is expected. */
    String awaitReceived(long seconds) throws Exception {
        allReceived.get(seconds, TimeUnit.SECONDS);
        return Bytes.hex(digest);
    }

    /** Closes it in order. */
    CloseReason close(long seconds) throws Exception {
        open.get(seconds, TimeUnit.SECONDS).close();
        return end.get(seconds, TimeUnit.SECONDS);
    }
}
