package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;

/**
 * The demo's client: keeps a few messages on their way and checks every byte that comes back. Told to stop, it waits for
 * the answers that are missing and then ends its stream. Its counts may be read when its queue is closed.
 */
final class MessageClient implements StreamHandler {

    private static final int ON_THEIR_WAY = 8;

    private final DemoRound round;
    private final Messages messages;
    private final int connection;
    private final ByteBuffer view;
    private final ByteBuffer out = ByteBuffer.allocate(Messages.HEADER + Messages.LONGEST);

    private long sent;
    private long checked;
    private long bytes;

    /** How much of the content of message {@code checked} has been checked; -1 if its header has not come. */
    private int place = -1;

    private boolean ended;
    private String failure = "";

    MessageClient(DemoRound round, Messages messages, int connection) {
        this.round = round;
        this.messages = messages;
        this.connection = connection;
        this.view = messages.newView();
        out.limit(0);
    }

    @Override
    public void onOpen(StreamSocket socket) {
        sendMore(socket);
    }

    private void sendMore(StreamSocket socket) {
        while (!round.isStopped() && sent - checked < ON_THEIR_WAY) {
            if (!out.hasRemaining()) {
                messages.put(connection, sent, out.clear());
                out.flip();
            }
            if (socket.send(out) != Sent.TAKEN) {
                return; // onWritable or onClosed follows
            }
            sent++;
        }
        if (round.isStopped() && sent == checked && !ended) {
            ended = true;
            socket.close();
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        sendMore(socket);
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        long before = checked;
        while (checkSome(in)) {
            if (!failure.isEmpty()) {
                socket.abort();
                return;
            }
        }
        round.checked(checked - before);
        sendMore(socket);
    }

    /** Checks what there is of one message; answers whether there may be more to check. */
    private boolean checkSome(ByteBuffer in) {
        int length = messages.length(connection, checked);
        if (place < 0) {
            if (in.remaining() < Messages.HEADER) {
                return false;
            }
            int told = in.getInt();
            if (told != length) {
                failure = "message " + checked + " came back with length " + told + " instead of " + length;
                return true;
            }
            place = 0;
        }
        int n = Math.min(in.remaining(), length - place);
        if (!messages.matches(in, n, view, connection, checked, place)) {
            failure = "message " + checked + " came back with other bytes, at or behind " + place + " of " + length;
            return true;
        }
        in.position(in.position() + n);
        place += n;
        bytes += n;
        if (place < length) {
            return false;
        }
        bytes += Messages.HEADER;
        checked++;
        place = -1;
        return true;
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        if (failure.isEmpty() && !(ended && why.kind() == CloseReason.Kind.LOCAL)) {
            failure = "closed early: " + why;
        }
        round.clientClosed();
    }

    long bytes() {
        return bytes;
    }

    /** Messages sent that did not come back right. */
    long lost() {
        return sent - checked;
    }

    /** What went wrong, or an empty text. */
    String failure() {
        return failure.isEmpty() ? "" : "connection " + connection + ": " + failure;
    }
}
