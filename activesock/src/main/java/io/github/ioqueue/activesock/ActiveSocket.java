package io.github.ioqueue.activesock;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A TCP or Unix-domain stream over an {@link IoKey}: it keeps a read pending, finishes what was sent and closes in order.
 *
 * <pre>
 *   CONNECTING ---- connected, accepted: onOpen ----> OPEN ---- close() ----> FLUSHING
 *        |                                             |                         |
 *        | failed, close(), abort()                    | failed, abort()         | flushed and peer's end,
 *        |                                             |                         | or failed, deadline, abort()
 *        +---------------------------------------------+-------------------------+----> CLOSED: onClosed
 * </pre>
 *
 * Receiving is {@code Inbound}'s, sending {@code Outbound}'s; here is the life of the whole and what its handler hears.
 */
public final class ActiveSocket implements StreamSocket {

    private enum Life {
        CONNECTING,
        OPEN,
        FLUSHING,
        CLOSED
    }

    private final IoQueue queue;
    private final IoKey key;
    private final StreamConfig config;
    private final Runnable afterClosed;
    private final HandlerCalls calls;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Deadlines deadlines;
    private volatile @Nullable Object attachment;

    // ---- polling thread only, but read by explain()

    private volatile Life life = Life.CONNECTING;
    private volatile @Nullable CloseReason reason;
    private boolean peerEnded;
    private @Nullable Flushing flushing;

    private ActiveSocket(IoKey key, StreamHandler handler, StreamConfig config, Runnable afterClosed) {
        this.queue = key.queue();
        this.key = key;
        this.calls = new HandlerCalls(this, handler, this::broken);
        this.config = config;
        this.afterClosed = afterClosed;
        SendBudget budget = new SendBudget(config);
        this.deadlines = new Deadlines(key, this, budget, config);
        this.inbound = new Inbound(key, this, deadlines, config);
        this.outbound = new Outbound(key, this, budget, deadlines);
        key.attachment(this);
    }

    /**
     * Takes over a connected socket, such as an accepted one. Any thread; {@code onOpen} comes on the queue's polling
     * thread, not inside this call.
     *
     * @throws IOException if it cannot be registered; the socket is still the caller's then
     */
    public static ActiveSocket adopt(IoQueue queue, IoSocket socket, StreamHandler handler, StreamConfig config)
            throws IOException {
        return adopt(queue, socket, handler, config, () -> {});
    }

    /** As above, and {@code afterClosed} runs behind {@code onClosed}. */
    static ActiveSocket adopt(
            IoQueue queue, IoSocket socket, StreamHandler handler, StreamConfig config, Runnable afterClosed)
            throws IOException {
        ActiveSocket active = register(queue, socket, handler, config, afterClosed);
        active.later(active::opened);
        return active;
    }

    /**
     * Connects a socket to a resolved address. Any thread; {@code onOpen}, or {@code onClosed} with the failure, comes on
     * the queue's polling thread, not inside this call. {@link Connector} is the easier way.
     *
     * @throws IOException if it cannot be registered; the socket is still the caller's then
     */
    public static ActiveSocket connect(
            IoQueue queue, IoSocket socket, SocketAddress remote, StreamHandler handler, StreamConfig config)
            throws IOException {
        ConnectOp connect = new ConnectOp(remote);
        ActiveSocket active = register(queue, socket, handler, config, () -> {});
        if (active.key.submit(connect) == Submission.DONE) {
            active.connectedAtOnce(connect);
        }
        return active;
    }

    private static ActiveSocket register(
            IoQueue queue, IoSocket socket, StreamHandler handler, StreamConfig config, Runnable afterClosed)
            throws IOException {
        if (config.noDelay()) {
            Options.noDelay(socket);
        }
        IoKey key = queue.register(socket, k -> new ActiveSocket(k, handler, config, afterClosed).new Events());
        return (ActiveSocket) Objects.requireNonNull(key.attachment());
    }

    // ---- the verbs

    @Override
    public Sent send(ByteBuffer src) {
        return outbound.send(src);
    }

    @Override
    public Sending send(WriteOp op) {
        return outbound.send(op);
    }

    @Override
    public void pauseReading() {
        inbound.pause();
    }

    @Override
    public void resumeReading() {
        inbound.resume();
    }

    @Override
    public void shutdownOutput() {
        if (!outbound.isShut()) {
            outbound.shut();
            endOutput();
        }
    }

    void endOutput() {
        key.shutdownOutput();
    }

    @Override
    public void close() {
        outbound.shut();
        onLoop(this::flushThenClose);
    }

    @Override
    public void abort(CloseReason why) {
        outbound.shut();
        onLoop(() -> end(why, true));
    }

    private void onLoop(Runnable task) {
        if (queue.inLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    /** Runs a task in a turn of its own; not at all when the queue is closed, for then everything has ended. */
    void later(Runnable task) {
        try {
            queue.execute(task);
        } catch (RejectedExecutionException closed) {
            // The socket's onClosed has come, or comes with what is left of the closing.
        }
    }

    @Override
    public void handler(StreamHandler next) {
        calls.handler(next);
        inbound.offerAgain();
    }

    // ---- life, in its order

    /** A failure has closed the key: it is noted before {@code onClosed} comes of that. */
    private void connectedAtOnce(ConnectOp op) {
        if (op.failure() != null && queue.inLoop()) {
            connected(op);
        } else {
            later(() -> connected(op));
        }
    }

    private void connected(ConnectOp op) {
        IOException failure = op.failure();
        if (failure == null) {
            opened();
        } else {
            failed(failure);
        }
    }

    private void opened() {
        if (life != Life.CONNECTING || key.isClosed()) {
            return;
        }
        life = Life.OPEN;
        deadlines.start();
        calls.open();
        if (life == Life.OPEN) {
            inbound.start();
        }
    }

    /** The peer's stream is at its end. */
    void ended() {
        peerEnded = true;
        if (life == Life.OPEN) {
            calls.end();
        } else {
            flushed();
        }
    }

    private void flushThenClose() {
        if (life == Life.CONNECTING) {
            end(CloseReason.LOCAL, false);
        } else if (life == Life.OPEN) {
            life = Life.FLUSHING;
            deadlines.stop();
            flushing = new Flushing(this, peerEnded ? CloseReason.PEER_END : CloseReason.LOCAL, config.closeTimeout());
            if (peerEnded) {
                inbound.stop();
            } else {
                inbound.discard();
            }
            flushed();
        }
    }

    /** Nothing is queued for sending. */
    void flushed() {
        if (life == Life.FLUSHING && flushing != null && outbound.isFlushed()) {
            flushing.flushed(peerEnded);
        }
    }

    void failed(IOException failure) {
        // Ops are cancelled, and later ones refused, by a closing or shutting here: that tells its reason itself.
        if (!(failure instanceof CancelledException) && !(failure instanceof ClosedException)) {
            end(CloseReason.of(failure), false);
        }
    }

    /** The handler threw. */
    void broken(Throwable thrown) {
        end(new CloseReason(CloseReason.Kind.FAILED, thrown), true);
    }

    /** Closes the key, by a reset if {@code hard}. The first reason stays: later ones find it closed. */
    void end(CloseReason why, boolean hard) {
        if (life == Life.CLOSED) {
            return;
        }
        life = Life.CLOSED;
        outbound.shut();
        deadlines.stop();
        reason = why;
        inbound.stop();
        if (hard) {
            Options.resetOnClose(key.socket());
        }
        key.close();
    }

    /** Has the handler told, by {@link StreamHandler#onDrain}. Any thread. */
    void drain() {
        key.drain();
    }

    // ---- what the halves and the key tell the handler

    void data(ByteBuffer in) {
        calls.data(in);
    }

    void sent(WriteOp op) {
        calls.sent(op);
    }

    void writable() {
        if (!outbound.isShut()) {
            calls.writable();
        }
    }

    private final class Events implements IoHandler {
        @Override
        public void onConnectComplete(IoKey k, ConnectOp op) {
            connected(op);
        }

        @Override
        public void onReadComplete(IoKey k, ReadOp op) {
            inbound.onReadComplete();
        }

        @Override
        public void onWriteComplete(IoKey k, WriteOp op) {
            outbound.onWriteComplete(op);
        }

        @Override
        public void onDrain(IoKey k) {
            if (life == Life.OPEN) {
                calls.drain();
            } else {
                flushThenClose();
            }
        }

        @Override
        public void onClosed(IoKey k) {
            closed();
        }
    }

    private void closed() {
        end(CloseReason.LOCAL, false); // the queue has closed the key
        if (flushing != null) {
            flushing.over();
        }
        try {
            calls.closed(Objects.requireNonNull(reason));
        } finally {
            afterClosed.run();
        }
    }

    // ---- seeing inside

    @Override
    public int unread() {
        return inbound.unread();
    }

    @Override
    public long queuedBytes() {
        return outbound.queuedBytes();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return key.socket().localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return key.socket().remoteAddress();
    }

    @Override
    public StreamConfig config() {
        return config;
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
        return "socket " + localAddress() + " <-> " + remoteAddress() + " is " + life
                + (reason == null ? "" : " for " + reason) + "; in: " + inbound + "; out: " + outbound;
    }

    @Override
    public String toString() {
        return explain();
    }
}
