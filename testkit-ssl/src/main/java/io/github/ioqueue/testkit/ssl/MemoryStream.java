package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.LayeredWrite;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.HandlerCalls;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket in memory, whose other end is the test: it says what arrives, sees what was written, and how much may
 * be written before the socket waits. Polling thread only, also where a socket's methods may be called from any.
 *
 * <pre>
 *   socket above ---- send ----> window ----> written()          the test reads
 *                &lt;--- onData --- arrive()                        the test writes
 * </pre>
 */
public final class MemoryStream implements StreamSocket {

    private final IoQueue queue;
    private final HandlerCalls calls;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ArrayDeque<WriteOp> pending = new ArrayDeque<>();

    /** Written, and to be told so. */
    private final ArrayDeque<WriteOp> landed = new ArrayDeque<>();

    private ByteBuffer unread = ByteBuffer.allocate(0);
    private long window = Long.MAX_VALUE;
    private long lastOutputNanos;
    private int sends;
    private boolean refusing;
    private boolean paused;
    private boolean ended;
    private boolean endTold;
    private boolean closing;
    private boolean closed;
    private @Nullable Object attachment;

    /** Creates an open one. */
    public MemoryStream(IoQueue queue, StreamHandler handler) {
        this.queue = queue;
        this.calls =
                new HandlerCalls(this, handler, thrown -> finish(new CloseReason(CloseReason.Kind.FAILED, thrown)));
        calls.alreadyOpen();
    }

    // ---- the test's side

    /** These bytes arrive. */
    public void arrive(byte[] bytes) {
        unread = ByteBuffer.allocate(unread.remaining() + bytes.length)
                .put(unread)
                .put(bytes)
                .flip();
        queue.execute(this::deliver);
    }

    /** The peer's stream ends, behind all that has arrived. */
    public void end() {
        ended = true;
        queue.execute(this::deliver);
    }

    /** It is to be drained. */
    public void drain() {
        queue.execute(() -> {
            if (!closed) {
                calls.drain();
            }
        });
    }

    /** The peer resets the connection. */
    public void reset() {
        queue.execute(() -> finish(CloseReason.of(new ResetException(new IOException("reset by the test")))));
    }

    /** So many more bytes can be written before it waits; what waits goes on. */
    public void window(long bytes) {
        window = bytes;
        for (WriteOp op = pending.peek(); op != null && take(op); op = pending.peek()) {
            pending.remove();
            landed.add(op);
            queue.execute(this::tellLanded);
        }
        if (closing && pending.isEmpty()) {
            queue.execute(() -> finish(new CloseReason(CloseReason.Kind.LOCAL, null)));
        }
    }

    /** Answers {@code FULL} from now on, or no more and tells so. */
    public void refuse(boolean on) {
        refusing = on;
        if (!on) {
            queue.execute(calls::writable);
        }
    }

    /** What was written since this was last asked. */
    public byte[] takeWritten() {
        byte[] all = written.toByteArray();
        written.reset();
        return all;
    }

    /** How many sends there were. */
    public int sends() {
        return sends;
    }

    /** Whether it was told to stop reading. */
    public boolean isPaused() {
        return paused;
    }

    /** Whether it is closed. */
    public boolean isClosed() {
        return closed;
    }

    // ---- the socket

    private void deliver() {
        int before = -1;
        while (!paused && !closed && !closing && unread.hasRemaining() && unread.remaining() != before) {
            before = unread.remaining();
            calls.data(unread);
        }
        if (ended && !endTold && !paused && !closed && !closing) {
            endTold = true;
            calls.end();
        }
    }

    @Override
    public Sent send(ByteBuffer src) {
        ByteBuffer copy = ByteBuffer.allocate(src.remaining()).put(src).flip();
        return switch (send(new WriteOp(copy))) {
            case FULL -> {
                src.position(src.limit() - copy.remaining());
                yield Sent.FULL;
            }
            case CLOSED -> Sent.CLOSED;
            default -> Sent.TAKEN;
        };
    }

    @Override
    public Sending send(WriteOp op) {
        if (closed || closing) {
            return Sending.CLOSED;
        }
        if (refusing) {
            return Sending.FULL;
        }
        sends++;
        LayeredWrite.begin(op);
        if (pending.isEmpty() && take(op)) {
            LayeredWrite.end(op);
            return Sending.DONE;
        }
        pending.add(op);
        return Sending.PENDING;
    }

    /** Answers whether all of it went. */
    private boolean take(WriteOp op) {
        int n = (int) Math.min(window, op.buffer().remaining());
        for (int i = 0; i < n; i++) {
            written.write(op.buffer().get());
        }
        LayeredWrite.took(op, n);
        window -= n;
        lastOutputNanos = n > 0 ? queue.config().nanoClock().getAsLong() : lastOutputNanos;
        return !op.buffer().hasRemaining();
    }

    private void tellLanded() {
        for (WriteOp op = landed.poll(); op != null; op = landed.poll()) {
            sent(op, null);
        }
    }

    private void sent(WriteOp op, @Nullable IOException failure) {
        if (failure != null) {
            LayeredWrite.fail(op, failure);
        }
        LayeredWrite.end(op);
        calls.sent(op);
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        queue.execute(this::deliver);
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {
        closing = true;
        if (pending.isEmpty()) {
            queue.execute(() -> finish(new CloseReason(CloseReason.Kind.LOCAL, null)));
        }
    }

    @Override
    public void abort(CloseReason why) {
        closing = true;
        queue.execute(() -> finish(why));
    }

    private void finish(CloseReason why) {
        if (!closed) {
            closed = true;
            tellLanded();
            IOException cause = why.cause() instanceof IOException failure ? failure : new CancelledException();
            while (!pending.isEmpty()) {
                sent(pending.remove(), cause);
            }
            calls.closed(why);
        }
    }

    @Override
    public void handler(StreamHandler next) {
        calls.handler(next);
    }

    @Override
    public int unread() {
        return unread.remaining();
    }

    @Override
    public long queuedBytes() {
        return pending.stream().mapToLong(op -> op.buffer().remaining()).sum();
    }

    @Override
    public long lastOutputNanos() {
        return lastOutputNanos;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return null;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public StreamConfig config() {
        return StreamConfig.defaults();
    }

    @Override
    public IoQueue queue() {
        return queue;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attachment(@Nullable Object object) {
        attachment = object;
    }

    @Override
    public String explain() {
        return "memory stream, " + queuedBytes() + " bytes wait" + (closed ? ", closed" : "");
    }
}
