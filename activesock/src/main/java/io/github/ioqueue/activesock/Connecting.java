package io.github.ioqueue.activesock;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.IoTimer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection on its way: each address is tried with a socket of its own, for a socket whose connecting failed is of
 * no more use. The user's handler hears of the one that connects, or of the last that did not. Polling thread only.
 */
final class Connecting implements StreamHandler {

    private final IoQueue queue;
    private final StreamHandler handler;
    private final StreamConfig config;
    private final Options options;
    private final @Nullable SocketAddress local;
    private final Duration deadline;
    private final IoTimer timer;
    private final Deque<SocketAddress> untried = new ArrayDeque<>();
    private @Nullable ActiveSocket trying;
    private @Nullable CloseReason failure;
    private boolean over;

    Connecting(
            IoQueue queue,
            StreamHandler handler,
            StreamConfig config,
            Options options,
            @Nullable SocketAddress local,
            Duration deadline) {
        this.queue = queue;
        this.handler = handler;
        this.config = config;
        this.options = options;
        this.local = local;
        this.deadline = deadline;
        this.timer = queue.schedule(deadline.toNanos(), this::timedOut);
    }

    /** Tries one address after the other. */
    void tryInTurn(List<SocketAddress> addresses) {
        untried.addAll(addresses);
        tryNext();
    }

    private void tryNext() {
        SocketAddress next = untried.poll();
        if (over || next == null) {
            return;
        }
        try {
            trying = connect(next);
        } catch (IOException | RuntimeException e) {
            failedOne(CloseReason.of(e));
        }
    }

    private ActiveSocket connect(SocketAddress remote) throws IOException {
        IoSocket socket = IoSocket.openStream(queue.config().backend(), Families.of(remote));
        try {
            options.applyTo(socket);
            if (local != null) {
                socket.bind(local);
            }
            return ActiveSocket.connect(queue, socket, remote, this, config);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void onOpen(StreamSocket socket) {
        over = true;
        timer.cancel();
        socket.handler(handler);
        handler.onOpen(socket);
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        throw new IllegalStateException("data before onOpen");
    }

    /** An attempt has ended before it connected. */
    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        if (over || untried.isEmpty() || queue.isClosing()) {
            over = true;
            timer.cancel();
            handler.onClosed(socket, failure != null ? failure : why);
        } else {
            tryNext();
        }
    }

    private void failedOne(CloseReason why) {
        if (untried.isEmpty()) {
            fail(why);
        } else {
            tryNext();
        }
    }

    private void timedOut() {
        fail(CloseReason.of(new DeadlineException("not connected within " + deadline)));
    }

    /** Ends it: the attempt under way is given up, and its end is told to the handler. */
    void fail(CloseReason why) {
        if (over) {
            return;
        }
        over = true;
        failure = why;
        if (trying != null && trying.isConnecting()) {
            trying.abort();
        } else {
            tellThatNothingOpened();
        }
    }

    /** The handler is told with a socket that never was connected, for there is no other. */
    private void tellThatNothingOpened() {
        try {
            ActiveSocket never = ActiveSocket.adopt(queue, queue.openStream(), this, config);
            never.abort();
        } catch (IOException e) {
            throw new IllegalStateException("no socket even to tell that connecting failed: " + failure, e);
        }
    }
}
