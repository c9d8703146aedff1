package io.github.ioqueue.activesock;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.IoTimer;
import io.github.ioqueue.WorkGuard;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection on its way, by RFC 8305: each address is tried with a socket of its own, the next when the one before has
 * failed, or has had time enough and goes on beside it. The first that connects wins, the others are given up. The user's
 * handler hears of the winner; or, when all have failed, of the last failure, with the others as its suppressed ones.
 * Polling thread only.
 */
final class Connecting {

    private final IoQueue queue;
    private final SocketAddress target;
    private final StreamHandler handler;
    private final StreamConfig config;
    private final Options options;
    private final LocalPorts local;
    private final Duration deadline;
    private final Duration attemptDelay;
    private final IoTimer timer;
    private final IoTimer nextAttempt;
    private final Deque<SocketAddress> untried = new ArrayDeque<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>();
    private final WorkGuard guard;
    private @Nullable CloseReason failure;
    private boolean won;
    private boolean started;

    /**
     * From here on the handler gets its {@code onOpen} or {@code onClosed}, also if the queue is closed. Any thread.
     *
     * @param target what is to be connected to, perhaps unresolved
     * @throws ClosedException if the queue is closed
     */
    Connecting(
            IoQueue queue,
            SocketAddress target,
            StreamHandler handler,
            StreamConfig config,
            Options options,
            LocalPorts local,
            Duration deadline,
            Duration attemptDelay)
            throws ClosedException {
        this.queue = queue;
        this.target = target;
        this.handler = handler;
        this.config = config;
        this.options = options;
        this.local = local;
        this.deadline = deadline;
        this.attemptDelay = local.isOne() ? Duration.ZERO : attemptDelay;
        this.nextAttempt = queue.timer(this::tryNext);
        this.timer = queue.timer(this::timedOut);
        if (queue.isClosing()) {
            throw new ClosedException("the queue is closed");
        }
        this.guard = queue.guard(this::queueCloses);
        timer.arm(deadline.toNanos());
    }

    /** The first turn on the polling thread. Returns false if the queue closes: it is over then. */
    boolean start() {
        started = true;
        queueCloses();
        return !isOver();
    }

    /** Tries these addresses, in this order but that the families alternate (RFC 8305, section 4). */
    void tryAll(List<SocketAddress> addresses) {
        if (isOver()) {
            return; // the deadline passed, or the queue closed, while the name was resolved
        }
        if (addresses.isEmpty()) {
            fail(CloseReason.of(new IOException("the name has no address")));
            return;
        }
        Deque<SocketAddress> same = new ArrayDeque<>();
        Deque<SocketAddress> other = new ArrayDeque<>();
        for (SocketAddress each : addresses) {
            (isV6(each) == isV6(addresses.get(0)) ? same : other).add(each);
        }
        while (!same.isEmpty() || !other.isEmpty()) {
            for (Deque<SocketAddress> family : List.of(same, other)) {
                if (!family.isEmpty()) {
                    untried.add(family.remove());
                }
            }
        }
        tryNext();
    }

    private static boolean isV6(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
    }

    /** Starts the next attempt, and when it is not even to be started the one behind it. */
    private void tryNext() {
        for (SocketAddress next = untried.poll(); next != null && !isOver(); next = untried.poll()) {
            Attempt attempt = new Attempt(next);
            attempts.add(attempt);
            try {
                attempt.socket = connect(next, attempt);
                if (!untried.isEmpty() && !attemptDelay.isZero()) {
                    nextAttempt.arm(attemptDelay.toNanos());
                }
                return;
            } catch (Throwable e) {
                attempts.remove(attempt);
                if (untried.isEmpty() && attempts.isEmpty()) {
                    fail(queue.isClosing() ? CloseReason.LOCAL : told(CloseReason.of(notStarted(next, e))));
                } else {
                    failures.add(notStarted(next, e));
                }
            }
        }
    }

    private static IOException notStarted(SocketAddress remote, Throwable e) {
        return new IOException("connect to " + remote + ": " + e.getMessage(), e);
    }

    /** Where all come from one port the one before gives it back with the next wait only. */
    private void nextInTurn() {
        if (local.isOne()) {
            queue.post(this::tryNext);
        } else {
            tryNext();
        }
    }

    private ActiveSocket connect(SocketAddress remote, Attempt attempt) throws IOException {
        IoSocket socket = IoSocket.openStream(queue.config().backend(), Families.of(remote));
        try {
            options.applyTo(socket);
            local.bind(socket);
            return ActiveSocket.connect(queue, socket, remote, attempt, config);
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    private boolean isOver() {
        return won || failure != null;
    }

    /** One address. */
    private final class Attempt implements StreamHandler {

        private final SocketAddress remote;
        private @Nullable ActiveSocket socket;

        Attempt(SocketAddress remote) {
            this.remote = remote;
        }

        @Override
        public void onOpen(StreamSocket opened) {
            attempts.remove(this);
            if (isOver()) {
                opened.abort(); // the race was decided in this very round
            } else {
                won = true;
                over();
                giveUpAll();
                opened.handler(handler);
                handler.onOpen(opened);
            }
        }

        @Override
        public void onData(StreamSocket from, ByteBuffer in) {
            throw new IllegalStateException("data before onOpen");
        }

        @Override
        public void onClosed(StreamSocket closed, CloseReason why) {
            attempts.remove(this);
            if (won) {
                return;
            }
            boolean last = attempts.isEmpty() && (untried.isEmpty() || isOver() || queue.isClosing());
            if (last) {
                CloseReason first = failure;
                failure = first != null ? first : told(why);
                over();
                handler.onClosed(closed, failure);
            } else {
                failures.add(why.cause() instanceof IOException named ? named : new IOException(remote + ": " + why));
                if (!isOver() && !queue.isClosing()) {
                    nextInTurn();
                }
            }
        }
    }

    /** With what the other addresses failed of. */
    private CloseReason told(CloseReason why) {
        Throwable cause = why.cause();
        if (cause != null && !(cause instanceof CancelledException)) {
            failures.forEach(cause::addSuppressed);
        }
        return why;
    }

    private void timedOut() {
        fail(told(CloseReason.of(new DeadlineException("not connected within " + deadline))));
    }

    /** Ends it: the attempts under way are given up, and the end of the last is told to the handler. */
    void fail(CloseReason why) {
        if (isOver()) {
            return;
        }
        failure = why;
        cancelTimers();
        if (attempts.isEmpty()) {
            over();
            handler.onClosed(new Unopened(queue, config, target), failure);
        } else {
            giveUpAll();
        }
    }

    /**
     * Attempts under way are closed with the queue; without any nothing else makes the last callback. Before the start this
     * may run while another thread is still in the constructor: the start sees that the queue closes.
     */
    private void queueCloses() {
        if (started && queue.isClosing() && attempts.isEmpty()) {
            fail(CloseReason.LOCAL);
        }
    }

    private void giveUpAll() {
        for (Attempt each : List.copyOf(attempts)) {
            ActiveSocket socket = each.socket;
            if (socket != null) {
                socket.abort();
            }
        }
    }

    /** The handler's callback comes now, within this one. */
    private void over() {
        cancelTimers();
        guard.release();
    }

    private void cancelTimers() {
        timer.cancel();
        nextAttempt.cancel();
    }
}
