package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection as a pair of blocking streams, for threads that are not the loop's: for code that knows nothing else.
 *
 * <pre>{@code
 * BlockingStream stream = new BlockingStream(Duration.ofSeconds(30));
 * Connector.to("example.org", 7).open(queue, stream);
 * stream.awaitOpen();
 * stream.output().write(request);
 * int first = stream.input().read();
 * }</pre>
 *
 * What has come and is not read is bounded by {@link StreamConfig#maxUnread} and one read: beyond, reading is paused. One
 * thread may read and another write. On the polling thread, which would wait for itself, every wait throws {@link
 * IllegalStateException}; an interrupt, {@link InterruptedIOException}; a connection that fails, an {@link IOException} with
 * its reason.
 */
public final class BlockingStream implements StreamHandler, AutoCloseable {

    private final long timeoutNanos;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private final ReentrantLock lock = new ReentrantLock();

    /** Anything below has changed. */
    private final Condition changed = lock.newCondition();

    // ---- under the lock

    private @Nullable StreamSocket socket;
    private @Nullable CloseReason reason;
    private final Leftover unread = new Leftover();
    private boolean paused;
    private boolean ended;
    private boolean closed;
    private boolean outputClosed;
    private boolean outputEnded;
    private long writables;

    /** For one connection; each wait, for its opening, for bytes, for room, is this long at most; zero for no limit. */
    public BlockingStream(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("a timeout is not negative, as " + timeout);
        }
        timeoutNanos = timeout.isZero() ? Long.MAX_VALUE : timeout.toNanos();
    }

    // ---- the user's side

    /** Waits until it is open, and answers its socket. */
    public StreamSocket awaitOpen() throws IOException {
        lock.lock();
        try {
            await("open", () -> socket != null);
            return open();
        } finally {
            lock.unlock();
        }
    }

    /** What comes. Closing it closes the connection. */
    public InputStream input() {
        return input;
    }

    /** What goes; {@code flush} has nothing to do. Closing it ends the outgoing stream, as soon as the connection is open. */
    public OutputStream output() {
        return output;
    }

    /**
     * Closes the connection gracefully, see {@link StreamSocket#close}. Waits until the kernel has all bytes that were
     * written and the end of the output behind them, or until a deadline of the close has passed (R15). So a program may end
     * after this, if the peer sends nothing more. A thread that waits in a read or a write is woken at once, and its call
     * throws. On the polling thread, and when interrupted, this begins the close and does not wait. A connection that is not
     * open yet closes when it opens.
     */
    @Override
    public void close() {
        StreamSocket open = socketOrCloseLater();
        if (open != null) {
            open.close();
            if (!open.queue().inLoop()) {
                awaitOutputEnd(open.config().closeLimit().toNanos());
            }
        }
    }

    private void awaitOutputEnd(long limitNanos) {
        lock.lock();
        try {
            for (long left = limitNanos; !outputEnded && reason == null && left > 0; ) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable StreamSocket socketOrCloseLater() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            return socket;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable StreamSocket socketOrEndOutputLater() {
        lock.lock();
        try {
            outputClosed = true;
            return socket;
        } finally {
            lock.unlock();
        }
    }

    private interface Truth {
        boolean holds();
    }

    /** Waits under the lock, until it holds or the connection is closed. */
    private void await(String what, Truth truth) throws IOException {
        StreamSocket open = socket;
        if (open != null && open.queue().inLoop()) {
            throw new IllegalStateException(what + " on the polling thread would wait for itself");
        }
        long left = timeoutNanos;
        try {
            while (!truth.holds() && reason == null && !closed) {
                left = changed.awaitNanos(left);
                if (left <= 0 && !truth.holds()) {
                    throw new SocketTimeoutException(
                            what + ": nothing within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(what + " was interrupted");
        }
    }

    private StreamSocket open() throws IOException {
        StreamSocket open = socket;
        CloseReason why = reason;
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (why != null || open == null) {
            throw new IOException("the connection is closed: " + why, why == null ? null : why.cause());
        }
        return open;
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            lock.lock();
            try {
                await("read", () -> length == 0 || unread.size() > 0 || ended);
                if (closed) {
                    open();
                }
                if (length > 0 && unread.size() == 0) {
                    return atEnd();
                }
                int n = Math.min(length, unread.size());
                unread.bytes().get(into, offset, n);
                goOn();
                return n;
            } finally {
                lock.unlock();
            }
        }

        private int atEnd() throws IOException {
            CloseReason why = reason;
            if (!ended && (why == null || why.kind() != CloseReason.Kind.PEER_END)) {
                open();
            }
            return -1;
        }

        private void goOn() {
            if (paused && socket != null && unread.size() < socket.config().maxUnread() / 2) {
                paused = false;
                socket.resumeReading();
            }
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return unread.size();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            BlockingStream.this.close();
        }
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
            while (rest.hasRemaining()) {
                int n = Math.min(rest.remaining(), IoQueue.LENT_BYTES);
                ByteBuffer piece = rest.slice(rest.position(), n);
                send(piece);
                rest.position(rest.position() + n);
            }
        }

        /** Waits for room as often as it is refused; what became writable since it asked counts. */
        private void send(ByteBuffer piece) throws IOException {
            StreamSocket open = awaitOpen();
            for (long seen = writables(); ; seen = awaitWritable(seen)) {
                switch (open.send(piece)) {
                    case TAKEN -> {
                        return;
                    }
                    case CLOSED -> throw new IOException("closed for sending: " + open);
                    case FULL -> {
                        // wait
                    }
                }
            }
        }

        private long writables() {
            lock.lock();
            try {
                return writables;
            } finally {
                lock.unlock();
            }
        }

        private long awaitWritable(long seen) throws IOException {
            lock.lock();
            try {
                await("write", () -> writables != seen);
                open();
                return writables;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            StreamSocket open = socketOrEndOutputLater();
            if (open != null) {
                open.shutdownOutput();
            }
        }
    }

    // ---- the loop's side

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onOpen(StreamSocket opened) {
        change(() -> {
            socket = opened;
            if (closed) {
                opened.close();
            } else if (outputClosed) {
                opened.shutdownOutput();
            }
        });
    }

    @Override
    public void onData(StreamSocket from, ByteBuffer in) {
        change(() -> {
            unread.append(in);
            if (unread.size() >= from.config().maxUnread()) {
                paused = true;
                from.pauseReading();
            }
        });
    }

    @Override
    public void onEnd(StreamSocket from) {
        change(() -> ended = true);
    }

    @Override
    public void onOutputEnded(StreamSocket from) {
        change(() -> outputEnded = true);
    }

    @Override
    public void onWritable(StreamSocket from) {
        change(() -> writables++);
    }

    @Override
    public void onClosed(StreamSocket closed, CloseReason why) {
        change(() -> reason = why);
    }
}
