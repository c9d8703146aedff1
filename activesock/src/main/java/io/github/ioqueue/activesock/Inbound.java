package io.github.ioqueue.activesock;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.CancelledException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of an active socket: keeps one read pending and hands its bytes on.
 *
 * <p>What the handler leaves is the remainder. It is kept in a pooled buffer of about its size, so an idle socket without
 * a remainder holds nothing. A short one is copied before what the next read brings, in the queue's own buffer; behind a
 * long one the next bytes are read in place, in a buffer that doubles up to the limit. Either way the handler sees one
 * piece. Polling thread only, but for {@link #pause} and {@link #resume}.
 */
final class Inbound {

    /** A remainder up to this size is cheaper copied than given a large buffer to grow in. */
    private static final int SHORT = 8 * 1024;

    /** How often the handler is called in a row for bytes of one read. */
    private static final int REDELIVERIES = 1024;

    /** The failure of a read that is cancelled here. No user sees it. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace to be wrong
    private static final CancelledException PAUSED = new CancelledException();

    private final IoKey key;
    private final IoQueue queue;
    private final ActiveSocket socket;
    private final HandlerCalls calls;
    private final Deadlines deadlines;
    private final int maxUnread;
    private final ReadOp read = new ReadOp();
    private final Runnable goOn;

    private volatile boolean paused;

    // ---- polling thread only

    /** Bytes the handler left, from position to limit; null if none. */
    private @Nullable ByteBuffer remainder;

    private boolean readingInPlace;
    private boolean delivering;

    /** What is delivered is the queue's buffer: what is unread stands in it, and not in the remainder. */
    private boolean deliveringShared;

    private boolean stopped = true;
    private boolean newHandler;
    private boolean discarding;

    Inbound(IoKey key, ActiveSocket socket, HandlerCalls calls, Deadlines deadlines, StreamConfig config) {
        this.key = key;
        this.queue = key.queue();
        this.socket = socket;
        this.calls = calls;
        this.deadlines = deadlines;
        this.maxUnread = config.maxUnread();
        this.goOn = () -> socket.orBreak(this::goOn);
        read.alwaysAsync(true);
    }

    void start() {
        stopped = false;
        goOn();
    }

    /** Reads no more and forgets what is unread. */
    void stop() {
        stopped = true;
        key.cancel(read, PAUSED);
        if (!readingInPlace && !delivering) {
            drop(); // else when the read, or the handler, is done with the buffer
        }
    }

    /** Drops what it has and what still comes, up to the peer's end: see {@link ActiveSocket#close}. */
    void discard(boolean ended) {
        if (ended) {
            stop();
            return;
        }
        discarding = true;
        stopped = false; // closed in onOpen: it has not begun to read
        paused = false;
        if (!readingInPlace && !delivering) {
            drop();
        }
        goOn();
    }

    // ---- any thread

    void pause() {
        paused = true;
        if (queue.inLoop()) {
            key.cancel(read, PAUSED);
        } else {
            socket.later(this::cancelIfPaused);
        }
    }

    private void cancelIfPaused() {
        if (paused) {
            key.cancel(read, PAUSED);
        }
    }

    void resume() {
        paused = false;
        socket.later(goOn);
    }

    // ---- reading

    /** There is a new handler: what is unread is offered to it. */
    void offerAgain() {
        newHandler = true;
        if (remainder != null && !delivering) {
            key.cancel(read, PAUSED);
            socket.later(goOn);
        }
    }

    /** Delivers what is unread, or reads if there is nothing. */
    void goOn() {
        if (stopped || paused || delivering || read.isPending()) {
            return;
        }
        if (remainder != null) {
            deliver(remainder);
        } else {
            submit();
        }
    }

    private void submit() {
        if (remainder == null) {
            read.lend();
        } else if (remainder.remaining() <= SHORT) {
            read.lend(remainder);
        } else {
            readBehind(remainder);
        }
        deadlines.waiting();
        // A read of ours always answers PENDING, unless the key is closed or its input has failed.
        if (key.submit(read) == Submission.DONE) {
            onReadComplete();
        }
    }

    private void readBehind(ByteBuffer unread) {
        ByteBuffer room = unread;
        if (unread.remaining() > unread.capacity() / 2) {
            room = buffers().acquire(unread.capacity() * 2).put(unread);
            buffers().release(unread);
            remainder = room;
        } else if (unread.position() == 0) {
            room.position(unread.limit())
                    .limit(unread.capacity()); // else each small piece would cost a copy of the whole
        } else {
            room.compact();
        }
        readingInPlace = true;
        read.into(room);
    }

    void onReadComplete() {
        ByteBuffer in = readingInPlace && remainder != null ? remainder.flip() : null;
        readingInPlace = false;
        deadlines.notWaiting();
        IOException failure = read.failure();
        if (stopped) {
            drop();
        } else if (failure instanceof CancelledException) {
            goOn(); // paused, and perhaps resumed since
        } else if (failure != null) {
            socket.failed(failure);
        } else if (read.isEnd()) {
            stopped = true;
            socket.ended();
        } else {
            deliver(in != null ? in : read.buffer());
        }
    }

    // ---- delivering

    private void deliver(ByteBuffer in) {
        delivering = true;
        deliveringShared = !isRemainder(in);
        boolean goesOn = false;
        try {
            goesOn = offer(in);
        } finally {
            delivering = false;
            deliveringShared = false;
            keep(in);
        }
        if (stopped || paused) {
            return;
        }
        if (goesOn) {
            socket.later(goOn);
        } else {
            submit();
        }
    }

    /** Calls the handler while it takes something; answers whether it should be called again for these bytes. */
    private boolean offer(ByteBuffer in) {
        for (int i = 0; i < REDELIVERIES; i++) {
            if (stopped || discarding || paused || !in.hasRemaining()) {
                return false;
            }
            int before = in.remaining();
            newHandler = false;
            calls.data(in);
            if (in.remaining() == before && !newHandler) {
                if (before >= maxUnread && !paused) {
                    socket.end(CloseReason.remainderFull(before), true);
                }
                return false;
            }
        }
        return in.hasRemaining();
    }

    /** Keeps what the handler left of a lent buffer, or of the remainder itself. */
    private void keep(ByteBuffer in) {
        int rest = in.remaining();
        if (rest == 0 || stopped || discarding) {
            drop();
        } else if (!isRemainder(in)) {
            if (remainder == null || remainder.capacity() < rest) {
                drop();
                remainder = buffers().acquire(rest);
            }
            remainder.clear().put(in).flip();
        }
    }

    @SuppressWarnings("ReferenceEquality") // the same object is meant, not the same bytes
    private boolean isRemainder(ByteBuffer in) {
        return in == remainder;
    }

    private void drop() {
        if (remainder != null) {
            buffers().release(remainder);
            remainder = null;
        }
    }

    private BufferPool buffers() {
        return queue.buffers();
    }

    int unread() {
        if (remainder == null || deliveringShared) {
            return 0;
        }
        return readingInPlace ? remainder.position() : remainder.remaining();
    }

    @Override
    public String toString() {
        return (stopped ? "stopped" : discarding ? "discarding" : paused ? "paused" : "reading") + ", " + unread()
                + " unread";
    }
}
