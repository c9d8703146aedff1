package io.github.ioqueue.activesock;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.SendOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket over an {@link IoKey}: keeps a receive pending, and sends copies under the limits of its configuration.
 *
 * <p>A send goes at once where it may. What the system has no room for is queued, copied, and goes in its order when there
 * is room; a turn of the loop in which many were queued costs no wake-up, and one change of interest, not one for each. Java
 * has no call that sends several datagrams, so each still is a system call of its own.
 */
public final class ActiveDatagram implements AutoCloseable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final IoQueue queue;
    private final IoKey key;
    private final DatagramHandler handler;
    private final SendBudget budget;

    // ---- polling thread only

    private final ReceiveOp receive = new ReceiveOp();
    private final Backoff pause;

    /** Sends that are not under way. */
    private final ArrayDeque<Copy> spares = new ArrayDeque<>();

    /** A send of the polling thread, over the caller's bytes or over ours. */
    private static final class Copy extends SendOp {
        private @Nullable ByteBuffer pooled;
    }

    private ActiveDatagram(IoKey key, DatagramHandler handler, StreamConfig config) {
        this.queue = key.queue();
        this.key = key;
        this.handler = Objects.requireNonNull(handler, "handler");
        this.budget = new SendBudget(config);
        this.pause = new Backoff(queue, this::receiveNext);
        key.attachment(this);
    }

    /** Opens a socket bound to a local address; port 0 lets the system choose one. Any thread. */
    public static ActiveDatagram open(IoQueue queue, SocketAddress local, DatagramHandler handler) throws IOException {
        return open(queue, local, handler, StreamConfig.defaults());
    }

    /** Opens a socket with other limits of what is queued for sending. Any thread. */
    public static ActiveDatagram open(IoQueue queue, SocketAddress local, DatagramHandler handler, StreamConfig config)
            throws IOException {
        IoSocket socket = IoSocket.openDatagram(queue.config().backend(), Families.of(local));
        try {
            socket.bind(local);
            IoKey key = queue.register(socket, k -> new ActiveDatagram(k, handler, config).new Events());
            ActiveDatagram datagram = (ActiveDatagram) Objects.requireNonNull(key.attachment());
            datagram.key.submit(datagram.receive);
            return datagram;
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends what remains in {@code src} as one datagram, an empty one too. The buffer is yours again when this returns, and
     * used up if the answer is {@code TAKEN}; whether the datagram could be sent then, {@link DatagramHandler#onFailure}
     * tells. Any thread.
     *
     * @throws IllegalArgumentException if the receiver is unresolved
     */
    public Sent send(ByteBuffer src, SocketAddress receiver) {
        if (receiver instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IllegalArgumentException("the receiver is unresolved: " + receiver);
        }
        Sent room = budget.reserve(src.remaining());
        if (room != Sent.TAKEN) {
            return room;
        }
        boolean taken = queue.inLoop() ? sendInLoop(src, receiver) : sendFromOutside(src, receiver);
        return taken ? Sent.TAKEN : Sent.CLOSED;
    }

    private boolean sendInLoop(ByteBuffer src, SocketAddress receiver) {
        int start = src.position();
        Copy op = spares.isEmpty() ? new Copy() : spares.pop();
        op.receiver(receiver);
        op.buffer(src);
        boolean taken = true;
        if (key.submit(op) == Submission.PENDING) {
            op.pooled = queue.buffers().acquire(src.remaining());
            op.moveTo(op.pooled);
        } else {
            taken = isTaken(op);
            onWriteComplete(op);
        }
        src.position(taken ? src.limit() : start);
        return taken;
    }

    private boolean sendFromOutside(ByteBuffer src, SocketAddress receiver) {
        int start = src.position();
        SendOp op = new SendOp();
        op.receiver(receiver);
        op.buffer(ByteBuffer.allocate(src.remaining()).put(src).flip());
        if (key.submit(op) == Submission.PENDING) {
            return true;
        }
        boolean taken = isTaken(op);
        onWriteComplete(op);
        src.position(taken ? src.limit() : start);
        return taken;
    }

    /** Whether it was tried, with or without success, and not refused for a socket that is closed. */
    private boolean isTaken(SendOp op) {
        return op.failure() == null || !key.isClosed();
    }

    private void onWriteComplete(WriteOp op) {
        IOException failure = op.failure();
        long bytes = op.count() + op.buffer().remaining();
        if (op instanceof Copy copy) {
            recycle(copy);
        }
        if (budget.release(bytes)) {
            later(() -> handler.onWritable(this));
        }
        tell(failure);
    }

    private void recycle(Copy op) {
        if (op.pooled != null) {
            queue.buffers().release(op.pooled);
            op.pooled = null;
        }
        op.buffer(NOTHING);
        spares.push(op);
    }

    private void tell(@Nullable IOException failure) {
        if (failure != null) {
            later(() -> handler.onFailure(this, failure));
        }
    }

    /** Tells the handler something in a turn of its own, unless the socket is closed: {@code onClosed} is the last. */
    private void later(Runnable call) {
        try {
            queue.execute(() -> {
                if (!key.isClosed()) {
                    call.run();
                }
            });
        } catch (RejectedExecutionException closed) {
            // The socket is closed with its queue.
        }
    }

    /** Closes; what is queued is dropped. Any thread; idempotent. */
    @Override
    public void close() {
        budget.shut();
        key.close();
    }

    private void receiveNext() {
        if (!receive.isPending() && !key.isClosed()) {
            key.submit(receive);
        }
    }

    private final class Events implements IoHandler {
        @Override
        public void onReadComplete(IoKey k, ReadOp op) {
            IOException failure = op.failure();
            if (failure instanceof CancelledException) {
                return;
            }
            if (failure != null) {
                pause.failed();
                tell(failure);
                return;
            }
            pause.succeeded();
            try {
                received();
            } finally {
                receiveNext();
            }
        }

        private void received() {
            ByteBuffer data = receive.buffer();
            if (receive.isTruncated()) {
                tell(new IOException("a datagram of " + receive.count() + " bytes came; only " + data.remaining()
                        + " could be received, and are dropped"));
            } else {
                handler.onDatagram(ActiveDatagram.this, Objects.requireNonNull(receive.sender()), data);
            }
        }

        @Override
        public void onWriteComplete(IoKey k, WriteOp op) {
            ActiveDatagram.this.onWriteComplete(op);
        }

        @Override
        public void onDrain(IoKey k) {
            handler.onDrain(ActiveDatagram.this);
        }

        @Override
        public void onClosed(IoKey k) {
            budget.shut();
            pause.cancel();
            handler.onClosed(ActiveDatagram.this);
        }
    }

    /** How many bytes were taken and not yet sent. */
    public long queuedBytes() {
        return budget.bytes();
    }

    /** The bound address, or null if closed. */
    public @Nullable SocketAddress localAddress() {
        return key.socket().localAddress();
    }

    /** The socket's options. */
    public IoSocket socket() {
        return key.socket();
    }

    /** The queue whose polling thread runs the handler. */
    public IoQueue queue() {
        return queue;
    }

    /** One sentence on what it is and what it is doing. */
    public String explain() {
        return "datagram socket " + localAddress() + "; out: " + budget;
    }

    @Override
    public String toString() {
        return explain();
    }
}
