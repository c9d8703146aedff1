package io.github.ioqueue.activesock;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.DrainReport;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.Submission;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps accepting connections and hands each to a queue. At its limit it stops accepting, and new connections wait in the
 * kernel, until one it accepted is closed. When accepting fails it pauses, 10 ms at first and doubling to 1 s, instead of
 * spinning. {@link Listener} opens one.
 */
public final class ActiveListener implements AutoCloseable {

    private final IoQueue queue;
    private final IoKey key;
    private final @Nullable SocketAddress address;
    private final AcceptHandler handler;
    private final Accepted plan;
    private final Connections connections = new Connections();
    private final LongAdder refused = new LongAdder();

    // ---- polling thread of the listener only

    private final AcceptOp accept = new AcceptOp();
    private final Backoff pause;

    private ActiveListener(IoKey key, AcceptHandler handler, Accepted plan) {
        this.queue = key.queue();
        this.key = key;
        this.handler = handler;
        this.plan = plan;
        this.address = key.socket().localAddress();
        this.pause = new Backoff(queue, this::acceptMore);
        key.attachment(this);
    }

    /** Takes over a socket that is listening. */
    static ActiveListener adopt(IoQueue queue, IoSocket socket, AcceptHandler handler, Accepted plan)
            throws IOException {
        IoKey key = queue.register(socket, k -> new ActiveListener(k, handler, plan).new Events());
        ActiveListener listener = (ActiveListener) Objects.requireNonNull(key.attachment());
        listener.later(listener::acceptMore);
        return listener;
    }

    /** The address it listens on, with the port the system chose. */
    public @Nullable SocketAddress localAddress() {
        return address;
    }

    /** How many connections it accepted that are open. */
    public int openConnections() {
        return connections.count();
    }

    /** How many connections it has reset at once: beyond the limit, or not admitted by the handler. */
    public long refusedConnections() {
        return refused.sum();
    }

    /** The queue that accepts. */
    public IoQueue queue() {
        return queue;
    }

    /**
     * Stops listening, tells the handler of each connection it accepted, by {@link StreamHandler#onDrain}, and waits for
     * their ends; those that are open when the timeout has passed are reset. {@link io.github.ioqueue.IoQueueGroup#drain}
     * does so for everything there is. Any thread; the first call counts.
     *
     * @return completes when the last connection is closed, on a polling thread
     */
    public CompletableFuture<DrainReport> drain(Duration timeout) {
        key.close();
        return connections.drain(timeout);
    }

    /** Stops listening. Connections it accepted go on. Any thread; idempotent. */
    @Override
    public void close() {
        key.close();
    }

    /** Accepts while there is something to accept, within the burst of its key; then one accept stays pending. */
    private void acceptMore() {
        while ((plan.refuses() || connections.count() < plan.limit())
                && !pause.isWaiting()
                && !accept.isPending()
                && !key.isClosed()) {
            if (key.submit(accept) == Submission.PENDING) {
                return;
            }
            accepted();
        }
    }

    private void accepted() {
        IOException failure = accept.failure();
        if (key.isClosed()) {
            if (failure == null) {
                closeQuietly(accept.accepted());
            }
        } else if (failure != null) {
            pause.failed();
            tell(failure);
        } else {
            pause.succeeded();
            admit(accept.accepted());
        }
    }

    private void admit(IoSocket socket) {
        if (connections.count() < plan.limit() && isAdmitted(socket.remoteAddress())) {
            handOver(socket);
        } else {
            refused.increment();
            socket.resetOnClose();
            closeQuietly(socket);
        }
    }

    private boolean isAdmitted(@Nullable SocketAddress remote) {
        try {
            return remote == null || handler.admits(remote);
        } catch (Throwable e) {
            tell(new IOException("AcceptHandler.admits threw for " + remote + ": " + e, e));
            return false;
        }
    }

    private void handOver(IoSocket socket) {
        Connections.Member member = connections.enter();
        try {
            plan.options().applySupportedTo(socket);
            StreamHandler below = plan.layer().accepting(new Welcome(), plan.config());
            member.is(ActiveSocket.adopt(plan.queues().get(), socket, below, plan.config(), () -> released(member)));
        } catch (Throwable e) {
            released(member);
            closeQuietly(socket);
            tell(notOpened(e));
        }
    }

    /** In a turn of its own: what the handler throws must not stop the accepting. */
    private void tell(IOException failure) {
        later(() -> {
            if (!key.isClosed()) {
                handler.onAcceptFailed(this, failure);
            }
        });
    }

    private static IOException notOpened(Throwable cause) {
        return cause instanceof IOException io ? io : new IOException("accepted, but not opened: " + cause, cause);
    }

    private static void closeQuietly(IoSocket socket) {
        try {
            socket.close();
        } catch (Throwable e) {
            // no user has seen this socket
        }
    }

    /** A connection is closed: on its own polling thread. */
    private void released(Connections.Member member) {
        if (member.leave() == plan.limit()) {
            later(this::acceptMore);
        }
    }

    private void later(Runnable task) {
        try {
            queue.execute(task);
        } catch (RejectedExecutionException closed) {
            // The listener is closed with its queue.
        }
    }

    /** The first handler of an accepted socket: asks for the real one. */
    private final class Welcome implements StreamHandler {
        private boolean opened;

        @Override
        public void onOpen(StreamSocket socket) {
            opened = true;
            StreamHandler next = handler.onAccept(socket);
            socket.handler(next);
            next.onOpen(socket);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            throw new IllegalStateException("data before onOpen");
        }

        /** The layer could not open it. */
        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            Throwable cause = why.cause();
            if (!opened && cause != null) {
                tell(notOpened(cause));
            }
        }
    }

    private final class Events implements IoHandler {
        @Override
        public void onAcceptComplete(IoKey k, AcceptOp op) {
            try {
                accepted();
            } finally {
                acceptMore(); // whatever was thrown, the listener goes on
            }
        }

        @Override
        public void onClosed(IoKey k) {
            pause.cancel();
            deleteSocketFile();
            connections.isComplete();
            handler.onClosed(ActiveListener.this);
        }
    }

    /** The system leaves the file of a Unix-domain listener behind, and nobody could bind to it again. */
    private void deleteSocketFile() {
        if (address instanceof UnixDomainSocketAddress unix) {
            try {
                Files.deleteIfExists(unix.getPath());
            } catch (IOException e) {
                System.getLogger(ActiveListener.class.getName())
                        .log(System.Logger.Level.WARNING, "socket file stays: " + unix, e);
            }
        }
    }

    /** One sentence on what it is and what it is doing. */
    public String explain() {
        return "listener " + address + " with " + connections.count() + " of at most " + plan.limit()
                + " connections open, " + refused + " refused";
    }

    @Override
    public String toString() {
        return explain();
    }
}
