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
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A datagram socket over an {@link IoKey}: keeps a receive pending, and sends copies under a limit. */
public final class ActiveDatagram implements AutoCloseable {

    private final IoQueue queue;
    private final IoKey key;
    private final DatagramHandler handler;
    private final SendBudget budget;
    private final ReceiveOp receive = new ReceiveOp();

    /** A send that is not under way; polling thread only. */
    private @Nullable SendOp spare;

    private ActiveDatagram(IoKey key, DatagramHandler handler, StreamConfig config) {
        this.queue = key.queue();
        this.key = key;
        this.handler = Objects.requireNonNull(handler, "handler");
        this.budget = new SendBudget(config);
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
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends what remains in {@code src} as one datagram, an empty one too. The buffer is yours again when this returns.
     * Any thread.
     *
     * @throws IllegalArgumentException if the receiver is unresolved
     */
    public Sent send(ByteBuffer src, SocketAddress receiver) {
        int n = src.remaining();
        if (budget.reserve(n) == Sent.FULL) {
            return Sent.FULL;
        }
        SendOp op = queue.inLoop() ? takeSpare() : new SendOp();
        op.receiver(receiver);
        op.buffer(queue.inLoop() ? src : ByteBuffer.allocate(n).put(src).flip());
        Submission answer = key.submit(op);
        if (answer == Submission.PENDING) {
            if (queue.inLoop()) {
                op.moveTo(ByteBuffer.allocate(n));
            }
            return Sent.TAKEN;
        }
        boolean closed = key.isClosed();
        onWriteComplete(op);
        return closed ? Sent.CLOSED : Sent.TAKEN;
    }

    private SendOp takeSpare() {
        SendOp op = spare != null ? spare : new SendOp();
        spare = null;
        return op;
    }

    private void onWriteComplete(WriteOp op) {
        IOException failure = op.failure();
        if (budget.release(op.count() + op.buffer().remaining())) {
            later(() -> handler.onWritable(this));
        }
        if (queue.inLoop()) {
            op.buffer(ByteBuffer.allocate(0));
            spare = (SendOp) op;
        }
        tell(failure);
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
        key.close();
    }

    private final class Events implements IoHandler {
        @Override
        public void onReadComplete(IoKey k, ReadOp op) {
            IOException failure = op.failure();
            SocketAddress sender = receive.sender();
            if (failure instanceof CancelledException) {
                return;
            }
            try {
                if (failure == null && sender != null) {
                    handler.onDatagram(ActiveDatagram.this, sender, op.buffer());
                } else {
                    tell(failure);
                }
            } finally {
                key.submit(receive);
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
            handler.onClosed(ActiveDatagram.this);
        }
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
