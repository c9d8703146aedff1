package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends back what comes in, and allocates nothing for it.
 *
 * <p>A peer that sends and does not read fills the send queue: {@code send} returns {@code FULL} and takes nothing. The
 * handler then stops reading, the unread bytes stay where they are, and soon the peer's sends stall, too. When half of
 * the queue is free again, the handler reads on, and the unread bytes come first. It never has to cut them: a send larger
 * than the limit is taken when nothing else is queued.
 *
 * <p>When the server drains, a connection ends in this order:
 *
 * <pre>
 *   onDrain --> echo on, until reads find nothing --> close(): send the rest, end the output, read to the peer's end
 *                     ^           |
 *                     +-- FULL ---+   a paused socket does not read: wait for onWritable
 * </pre>
 *
 * <p>The peer may have sent a request before the server began to drain, so closing at once would lose the answer. Only a
 * read shows whether the kernel has bytes. A task that submits itself again runs once per iteration of the loop. Between
 * two runs the loop polls its sockets and calls {@code onData} if bytes are there. One poll is enough for a socket that is
 * reading. A socket that was just resumed needs an iteration for each layer, TLS and plain, before it reads.
 */
final class EchoHandler implements StreamHandler {

    private static final int QUIET_POLLS = 4;

    private final LongAdder total;
    private final LongAdder cut;
    private long bytes;
    private boolean paused;

    private boolean draining;

    /** {@link #polled} is submitted to the queue. */
    private boolean polling;

    /** How many polls in a row brought no bytes. */
    private int quietPolls;

    /**
     * Creates the handler of one connection.
     *
     * @param total counts the bytes of connections that are closed
     * @param cut counts the connections that a deadline closed while the server was draining
     */
    EchoHandler(LongAdder total, LongAdder cut) {
        this.total = total;
        this.cut = cut;
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        quietPolls = 0;
        int n = in.remaining();
        switch (socket.send(in)) {
            case TAKEN -> bytes += n;
            case FULL -> {
                paused = true;
                socket.pauseReading();
            }
            case CLOSED -> in.position(in.limit());
        }
    }

    @Override
    public void onWritable(StreamSocket socket) {
        paused = false;
        socket.resumeReading();
        waitForQuiet(socket);
    }

    @Override
    public void onDrain(StreamSocket socket) {
        draining = true;
        waitForQuiet(socket);
    }

    /** Counts from 0: the loop has not tried to read since the socket was resumed. */
    private void waitForQuiet(StreamSocket socket) {
        quietPolls = 0;
        if (draining && !polling) {
            polling = true;
            socket.queue().execute(() -> polled(socket));
        }
    }

    private void polled(StreamSocket socket) {
        polling = false;
        if (!draining || paused) {
            return; // it is closed, or onWritable goes on
        }
        quietPolls++;
        if (quietPolls < QUIET_POLLS) {
            polling = true;
            socket.queue().execute(() -> polled(socket));
        } else {
            socket.close();
        }
    }

    // onEnd closes, as it does by default: the socket sends the rest first.

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        total.add(bytes);
        if (draining && why.kind() == CloseReason.Kind.TIMED_OUT) {
            cut.increment();
        }
        draining = false;
    }
}
