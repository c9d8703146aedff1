package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.examples.ConnectCommand.Patience;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection between standard input, which a thread of its own reads, and standard output, which the loop writes.
 *
 * <p>Both wait where they are: the thread, when the send queue is full, for {@code onWritable}; and the loop in the write
 * to standard output. A handler must not block a loop, because of the other sockets there; this loop has only this socket,
 * and a blocked loop that reads no more is just the back-pressure that the peer should feel.
 */
final class Relay implements StreamHandler {

    static final StreamConfig CONFIG = StreamConfig.defaults();

    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final FileChannel in = new FileInputStream(FileDescriptor.in).getChannel();
    private final FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
    private final Semaphore writable = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String failure = "";
    private volatile boolean inputEnded;
    private volatile long sent;
    private volatile long received;
    private final @Nullable Patience patience;
    private volatile @Nullable StreamSocket open;

    // ---- the loop only

    private long count;
    private long lastReceived;
    private boolean peerEnded;
    private boolean closing;

    /** With no patience at all, it half-closes at the end of the input and waits for the peer's end. */
    Relay(@Nullable Patience patience) {
        this.patience = patience;
    }

    /** How many bytes came back. */
    long received() {
        return received;
    }

    /** Waits until the connection is closed; answers what went wrong, or an empty text. */
    String awaitEnd() throws InterruptedException {
        closed.await();
        return failure;
    }

    /**
     * Resets the connection, if it is open. For a program that a signal ends: the kernel would end the stream cleanly, and
     * the peer would take a part of the input for the whole.
     */
    void interrupt() throws InterruptedException {
        StreamSocket socket = open;
        if (socket != null && closed.getCount() > 0) {
            socket.abort();
            closed.await(1, TimeUnit.SECONDS); // the loop may be blocked in a write to standard output
        }
    }

    // ---- standard input to the socket: a thread of its own

    @Override
    public void onOpen(StreamSocket socket) {
        open = socket;
        Thread reader = new Thread(() -> readInput(socket), "standard input");
        reader.setDaemon(true);
        reader.start();
    }

    private void readInput(StreamSocket socket) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        try {
            long sends = 0;
            while (in.read(buffer.clear()) >= 0) {
                if (!sendAll(socket, buffer.flip())) {
                    return; // closed: onClosed tells why
                }
                sent = ++sends;
            }
            inputEnded = true;
            if (patience == null) {
                socket.shutdownOutput();
            }
            socket.queue().execute(() -> inputEnded(socket));
        } catch (IOException e) {
            fail(socket, "cannot read standard input: " + e.getMessage());
        } catch (InterruptedException e) {
            fail(socket, "interrupted");
        } catch (RejectedExecutionException e) {
            // The connection failed meanwhile, and the queue is closed behind it.
        }
    }

    private boolean sendAll(StreamSocket socket, ByteBuffer bytes) throws InterruptedException {
        Sent answer = socket.send(bytes);
        while (answer == Sent.FULL) {
            writable.acquire();
            answer = socket.send(bytes);
        }
        return answer == Sent.TAKEN;
    }

    @Override
    public void onWritable(StreamSocket socket) {
        writable.release();
    }

    // ---- the socket to standard output: the loop

    @Override
    public void onData(StreamSocket socket, ByteBuffer data) {
        count += data.remaining();
        received = count;
        lastReceived = System.nanoTime();
        try {
            while (data.hasRemaining()) {
                out.write(data);
            }
        } catch (IOException e) {
            fail(socket, "cannot write standard output: " + e.getMessage());
        }
        if (inputEnded && patience != null && received >= patience.bytes()) {
            close(socket);
        }
    }

    @Override
    public void onEnd(StreamSocket socket) {
        peerEnded = true;
        closeIfBothEnded(socket);
        closeWhenIdle(socket, -1);
    }

    private void inputEnded(StreamSocket socket) {
        closeIfBothEnded(socket);
        if (patience != null) {
            lastReceived = System.nanoTime();
            closeWhenSilent(socket, patience);
        }
    }

    private void closeIfBothEnded(StreamSocket socket) {
        if (peerEnded && inputEnded) {
            socket.close();
        }
    }

    /** Waits for the rest, as long as something comes or goes. */
    private void closeWhenSilent(StreamSocket socket, Patience limits) {
        if (socket.queuedBytes() > 0) {
            lastReceived = System.nanoTime();
        }
        long left = limits.silence().toNanos() - (System.nanoTime() - lastReceived);
        if (left <= 0 || received >= limits.bytes()) {
            close(socket);
        } else if (closed.getCount() > 0) {
            socket.queue().schedule(Math.min(left, IDLE_NANOS), () -> closeWhenSilent(socket, limits));
        }
    }

    private void close(StreamSocket socket) {
        closing = true;
        socket.close();
    }

    /**
     * The peer has ended its stream and may go on reading, or may be gone: TCP does not tell. So what there is to send is
     * sent, and when standard input brings nothing for a while that is the end.
     */
    private void closeWhenIdle(StreamSocket socket, long sentBefore) {
        long now = sent;
        if (now == sentBefore && socket.queuedBytes() == 0) {
            socket.close();
        } else if (closed.getCount() > 0) {
            socket.queue().schedule(IDLE_NANOS, () -> closeWhenIdle(socket, now));
        }
    }

    // ---- the end

    private void fail(StreamSocket socket, String why) {
        failure = why;
        socket.abort();
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        boolean good = why.kind() == CloseReason.Kind.PEER_END || (closing && why.kind() == CloseReason.Kind.LOCAL);
        if (failure.isEmpty() && !good) {
            failure = why.cause() == null ? why.toString() : why.kind() + " (" + Failures.tell(why.cause()) + ")";
        }
        closed.countDown();
        writable.release(); // who waits for room hears CLOSED next
    }
}
