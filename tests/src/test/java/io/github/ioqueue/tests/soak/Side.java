package io.github.ioqueue.tests.soak;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.tests.soak.Conversation.Ending;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One side of a conversation: sends its bytes in random pieces by either kind of send, pauses reading now and then, checks
 * every byte that comes by its place, and ends as it should. On the polling thread of its socket, but for what is asked
 * when all is over.
 */
final class Side implements StreamHandler {

    private static final int LARGEST_PIECE = 100_000;
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private final Conversation conversation;
    private final boolean client;
    private final int total;
    private final SplittableRandom random;
    private final int resetAt;

    private int sent;
    private int received;
    private int pendingOps;
    private boolean peerEnded;
    private String wrong = "";
    private CloseReason reason;

    Side(Conversation conversation, boolean client, int total, SplittableRandom random) {
        this.conversation = conversation;
        this.client = client;
        this.total = total;
        this.random = random;
        boolean resets = conversation.ending == (client ? Ending.CLIENT_RESETS : Ending.SERVER_RESETS);
        this.resetAt = resets ? random.nextInt(total + 1) : Integer.MAX_VALUE;
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
        while (sent < total) {
            if (mustReset()) {
                break;
            }
            int n = 1 + random.nextInt(Math.min(total - sent, LARGEST_PIECE));
            if (!send(socket, piece(n))) {
                return;
            }
            sent += n;
        }
        ended(socket);
    }

    /** Not before both sides know of each other. */
    private boolean mustReset() {
        return sent >= resetAt && received > 0;
    }

    private ByteBuffer piece(int n) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = at(client, sent + i);
        }
        return ByteBuffer.wrap(bytes);
    }

    /** The byte that the client, or the server, has at this place. */
    private byte at(boolean ofClient, int place) {
        return (byte) (place * 31 + (place >>> 8) + conversation.number + (ofClient ? 1 : 0));
    }

    private boolean send(StreamSocket socket, ByteBuffer piece) {
        if (random.nextBoolean()) {
            return socket.send(piece) == Sent.TAKEN;
        }
        Sending answer = socket.send(new WriteOp(piece));
        if (answer == Sending.PENDING) {
            pendingOps++;
        }
        return answer == Sending.PENDING || answer == Sending.DONE;
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        pendingOps--;
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        int n = random.nextInt(8) == 0 ? 1 + random.nextInt(in.remaining()) : in.remaining();
        for (int i = 0; i < n; i++, received++) {
            if (in.get() != at(!client, received)) {
                wrong = "another byte at " + received;
                socket.abort();
                return;
            }
        }
        if (random.nextInt(16) == 0) {
            socket.pauseReading();
            socket.queue().schedule(random.nextLong(LONGEST_PAUSE), socket::resumeReading);
        }
        ended(socket);
    }

    @Override
    public void onEnd(StreamSocket socket) {
        peerEnded = true;
        ended(socket);
    }

    /** Ends it if it is time: see {@link Ending}. */
    private void ended(StreamSocket socket) {
        if (mustReset()) {
            socket.abort();
            return;
        }
        if (sent < total) {
            return;
        }
        if (peerEnded) {
            socket.close();
        } else if (client && conversation.ending == Ending.HALF_CLOSE) {
            socket.shutdownOutput();
        } else if (client && received == conversation.server.total) {
            socket.close();
        }
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        reason = why;
        if (pendingOps != 0) {
            wrong = pendingOps + " ops without completion";
        }
        conversation.closed();
    }

    // ---- when all is over

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    String wrong() {
        return wrong;
    }

    CloseReason reason() {
        return reason;
    }

    @Override
    public String toString() {
        return sent + " of " + total + " sent, " + received + " received, closed " + reason + " " + wrong;
    }
}
