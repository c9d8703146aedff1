package io.github.ioqueue.activesock;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
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
 *   CONNECTING ---- connected, accepted: onOpen ----> OPEN ---- close() ----> CLOSING
 *        |                                             |                         |
 *        | failed, close(), abort()                    | failed, abort()         | all is sent and the peer has ended,
 *        |                                             |                         | or failed, deadline, abort()
 *        +---------------------------------------------+-------------------------+----> CLOSED: onClosed
 * </pre>
 *
 * {@code Inbound} receives, {@code Outbound} sends, and {@code GracefulClose} ends the output; this class has the states of the
 * whole and calls the handler.
 */
public final class ActiveSocket implements StreamSocket {

    private enum Life {
        CONNECTING,
        OPEN,
        CLOSING,
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
    private boolean reset;
    private @Nullable GracefulClose graceful;

    private ActiveSocket(IoKey key, StreamHandler handler, StreamConfig config, Runnable afterClosed) {
        this.queue = key.queue();
        this.key = key;
        this.calls = new HandlerCalls(this, handler, this::broken);
        this.config = config;
        this.afterClosed = afterClosed;
        SendBudget budget = new SendBudget(config);
        this.deadlines = new Deadlines(key, this, budget, config);
        this.inbound = new Inbound(key, this, calls, deadlines, config);
        this.outbound = new Outbound(key, this, calls, budget, deadlines);
        key.attachment(this);
    }

    /**
     * Takes over a connected socket. Any thread; {@code onOpen} comes on the queue's polling thread, not inside this call.
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
     * Connects a socket to a resolved address, otherwise as {@link #adopt}. {@link Connector} is the easier way.
     *
     * @throws IOException if it cannot be registered; the socket is still the caller's then
     */
    public static ActiveSocket connect(
            IoQueue queue, IoSocket socket, SocketAddress remote, StreamHandler handler, StreamConfig config)
            throws IOException {
        ConnectOp connect = new ConnectOp(remote);
        ActiveSocket active = register(queue, socket, handler, config, () -> {});
        if (active.key.submit(connect) == Submission.DONE) {
            // A failure has closed the key: it is noted before onClosed comes of that.
            boolean noteNow = connect.failure() != null && queue.inLoop();
            active.run(() -> active.connected(connect), noteNow);
        }
        return active;
    }

    private static ActiveSocket register(
            IoQueue queue, IoSocket socket, StreamHandler handler, StreamConfig config, Runnable afterClosed)
            throws IOException {
        if (config.noDelay()) {
            Options.noDelay(socket);
        }
        IoKey key = queue.register(socket, k -> new ActiveSocket(k, handler, config, afterClosed).events());
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
        outbound.shut();
        onLoop(() -> graceful().endOutput());
    }

    @Override
    public void close() {
        outbound.shut();
        onLoop(this::closeGracefully);
    }

    @Override
    public void abort(CloseReason why) {
        outbound.shut();
        onLoop(() -> end(why, true));
    }

    private void onLoop(Runnable task) {
        run(task, queue.inLoop());
    }

    private void run(Runnable task, boolean now) {
        if (now) {
            task.run();
        } else {
            later(task);
        }
    }

    /** Runs a task in a callback of its own; not at all when the queue is closed: then onClosed has come, or comes. */
    void later(Runnable task) {
        try {
            queue.execute(task);
        } catch (RejectedExecutionException closed) {
            // nothing is left to do
        }
    }

    @Override
    public void handler(StreamHandler next) {
        calls.handler(next);
        inbound.offerAgain();
    }

    // ---- life, in its order

    void connected(ConnectOp op) {
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
        advance(); // the output may have been ended before it opened
    }

    /** The peer's stream is at its end. */
    void ended() {
        peerEnded = true;
        if (life == Life.OPEN) {
            calls.end();
        } else {
            advance();
        }
    }

    private GracefulClose graceful() {
        if (graceful == null) {
            graceful = new GracefulClose(queue, new KeyTransport(key, this, outbound, calls));
        }
        return graceful;
    }

    private void closeGracefully() {
        if (life == Life.CONNECTING) {
            end(CloseReason.LOCAL, false);
        } else if (life == Life.OPEN) {
            life = Life.CLOSING;
            deadlines.stop();
            inbound.discard(peerEnded);
            graceful().close(peerEnded ? CloseReason.PEER_END : CloseReason.LOCAL, config);
        }
    }

    /** Something that a graceful close waits for may have happened. */
    void advance() {
        if (graceful != null && life != Life.CLOSED) {
            graceful.advance();
        }
    }

    boolean isOpen() {
        return life == Life.OPEN || life == Life.CLOSING;
    }

    boolean isReset() {
        return reset;
    }

    boolean hasPeerEnded() {
        return peerEnded;
    }

    void failed(IOException failure) {
        // A close or an end of output cancels and refuses ops: it has a reason of its own.
        if (!(failure instanceof CancelledException) && !(failure instanceof ClosedException)) {
            end(CloseReason.of(failure), false);
        }
    }

    /** The handler threw, or something of ours: an allocation. */
    void broken(Throwable thrown) {
        end(new CloseReason(CloseReason.Kind.FAILED, thrown), true);
    }

    /** Runs work that is no completion of the key: whatever it throws costs this socket. */
    void orBreak(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            broken(e);
            throw e;
        }
    }

    private SocketEvents events() {
        return new SocketEvents(this, inbound, outbound);
    }

    /** Closes the key, if need be by a reset. The first reason stays: later ones find it closed. */
    void end(CloseReason why, boolean byReset) {
        if (life == Life.CLOSED) {
            return;
        }
        life = Life.CLOSED;
        outbound.shut();
        deadlines.stop();
        reason = why;
        inbound.stop();
        if (graceful != null) {
            graceful.stop();
        }
        reset = byReset;
        if (reset) {
            key.socket().resetOnClose();
        }
        key.close(); // a reset, too, if accepted bytes are not all written
    }

    /** Calls {@link StreamHandler#onDrain}. Any thread. */
    void drain() {
        key.drain();
    }

    // ---- what the halves and the key tell the handler

    void writable() {
        if (!outbound.isShut()) {
            calls.writable();
        }
    }

    void drained() {
        if (life == Life.OPEN) {
            calls.drain();
        } else {
            closeGracefully();
        }
    }

    void closed() {
        IOException failure = key.failure();
        end(
                failure == null ? CloseReason.LOCAL : CloseReason.of(failure),
                false); // the key closed by itself, or its queue
        try {
            calls.closed(Objects.requireNonNull(reason).withUnsentBytes(outbound.unsentBytes()));
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
    public long lastOutputNanos() {
        return key.lastOutput();
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
