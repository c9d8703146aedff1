package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One event loop. It has no thread of its own: whoever calls {@link #poll} is its loop, one thread at a time (R4);
 * {@link IoQueueGroup} brings threads along.
 *
 * <pre>
 *   submit ---> op waits in its key ---> poll: the socket is ready ---> the system call ---> completion
 *
 *   poll, in its phases:
 *     1 interest: tell the demultiplexer what changed
 *     2 wait: not at all if anything is owed, else until a socket is ready, a timer due, a wake-up or the timeout
 *     3 ready keys: each its system calls and completions, at most a burst (R10)
 *     4 due timers
 *     5 inbox: tasks and ops of other threads, as many as were there
 *     6 deferred completions: what was found out inside a submit, cancel or close (R5)
 *     7 closed keys: socket closed or reset, onClosed
 *
 *   OPEN ---- close(), or the loop fails ----> CLOSING ---- all keys closed, all guards released ----> CLOSED
 * </pre>
 *
 * Between two turns - callbacks, tasks, timers - nothing of the user's runs, and each turn ends with {@link
 * #atTurnEnd}'s work.
 */
public final class IoQueue implements Executor, AutoCloseable {

    /** The size of the buffer that lending reads read into. */
    public static final int LENT_BYTES = 64 * 1024;

    private final IoQueueConfig config;
    private final Inbox inbox;

    // ---- shared by all threads

    private final AtomicReference<@Nullable Thread> poller = new AtomicReference<>();
    private final AtomicLong keyNumbers = new AtomicLong();
    private volatile FastTrack fastTrack;

    private final Loop loop;
    private final QueueLifecycle lifecycle;
    private final GuardedErrorHandler errors;
    private final GuardedErrorHandler.Step wake;
    private final QueueProbe probe;
    private final GuardedClock clock;

    private IoQueue(IoQueueConfig config, Demultiplexer demultiplexer) {
        this.config = config;
        this.errors = new GuardedErrorHandler(this, config.errorHandler());
        this.probe = GuardedProbe.of(config.probe(), errors);
        this.clock = new GuardedClock(config.nanoClock(), errors);
        this.inbox = new Inbox(demultiplexer);
        this.wake = inbox::wake;
        this.fastTrack = config.fastTrack();
        this.loop = new Loop(this, demultiplexer, inbox);
        this.lifecycle = new QueueLifecycle(this, demultiplexer, inbox, loop);
    }

    /** Opens a queue; it must be closed. */
    public static IoQueue open(IoQueueConfig config) throws IOException {
        return new IoQueue(config, config.backend().openDemultiplexer());
    }

    /** Opens a queue with the defaults. */
    public static IoQueue open() throws IOException {
        return open(IoQueueConfig.defaults());
    }

    // ---- sockets

    /** Opens a stream socket for IPv4 and IPv6; {@link IoSocket} opens the other families. Any thread. */
    public IoSocket openStream() throws IOException {
        return IoSocket.openStream(config.backend(), StandardProtocolFamily.INET6);
    }

    /** Opens a listening socket for IPv4 and IPv6. Any thread. */
    public IoSocket openListener() throws IOException {
        return IoSocket.openListener(config.backend(), StandardProtocolFamily.INET6);
    }

    /** Opens a datagram socket for IPv4 and IPv6. Any thread. */
    public IoSocket openDatagram() throws IOException {
        return IoSocket.openDatagram(config.backend(), StandardProtocolFamily.INET6);
    }

    /**
     * Registers a socket of this queue's backend, for good: keys never move. Any thread. From here on the key owns the
     * socket; if this throws, the caller still does.
     *
     * @throws ClosedException if the queue is closed
     * @throws IllegalStateException if the socket was registered or closed before
     */
    public IoKey register(IoSocket socket, IoHandler handler) throws IOException {
        Objects.requireNonNull(handler, "handler");
        return register(socket, key -> handler);
    }

    /**
     * Registers a socket with a handler made for its key: {@code handler} is called inside this, before anything can
     * happen to the key. Otherwise as {@link #register(IoSocket, IoHandler)}.
     */
    public IoKey register(IoSocket socket, Function<? super IoKey, ? extends IoHandler> handler) throws IOException {
        IoKey key = socket.claimFor(() -> new IoKey(this, keyNumbers.getAndIncrement(), socket, handler));
        lifecycle.keyOpened(socket);
        probe.registered(key);
        key.signal();
        return key;
    }

    // ---- the loop

    /**
     * Runs one round of the loop: see the class description for its phases. An interrupt of the polling thread ends the
     * wait once; it neither stops the loop nor spins it, and is set again when this returns.
     *
     * @param timeoutNanos how long to wait at most; 0 to look only, {@link Long#MAX_VALUE} for no limit
     * @return how many turns ran: callbacks, tasks and timers
     * @throws IllegalStateException if another thread polls, or this one from inside a callback (R4)
     * @throws UncheckedIOException if waiting itself failed; the queue has closed itself
     */
    public int poll(long timeoutNanos) {
        if (timeoutNanos < 0) {
            throw new IllegalArgumentException("timeout is not negative, as " + timeoutNanos);
        }
        if (!tryEnter()) {
            if (isClosing() && !inLoop()) {
                return 0; // the closing thread has the poller's role
            }
            throw new IllegalStateException(
                    inLoop() ? "R4: poll from inside a callback" : "R4: another thread is polling");
        }
        try {
            if (!isClosing()) {
                loop.iterate(timeoutNanos);
            }
            lifecycle.finishClosing();
            return loop.turns();
        } catch (IOException e) {
            lifecycle.die(e);
            throw new UncheckedIOException("waiting for sockets failed; the queue is closed", e);
        } catch (Throwable e) {
            lifecycle.die(e);
            throw e;
        } finally {
            leave();
        }
    }

    /** Takes the role of the poller, if nobody has it. */
    private boolean tryEnter() {
        boolean entered = poller.compareAndSet(null, Thread.currentThread());
        if (entered) {
            loop.enter();
        }
        return entered;
    }

    private void leave() {
        loop.exit();
        poller.set(null);
        if (lifecycle.isClosing()) {
            close(); // asked for while this thread was on its way out
        }
        runLate();
    }

    /** Whether the calling thread is polling this queue: it is inside a callback, task or timer. */
    public boolean inLoop() {
        return poller.get() == Thread.currentThread();
    }

    /** Ends the wait under way, or else keeps the next one from waiting. Any thread. */
    public void wakeup() {
        inbox.wakeup();
    }

    // ---- tasks and timers

    /**
     * Runs a task on the polling thread, in order of the calls of each thread. Any thread.
     *
     * @throws RejectedExecutionException if the queue is closed
     */
    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (lifecycle.isClosed()) {
            throw new RejectedExecutionException("queue is closed");
        }
        post(task);
    }

    /**
     * As {@link #execute}, but never refuses: after the closing the task runs here and now, in the poller's role. For
     * layers, whose work must not be lost. Any thread.
     */
    public void post(Runnable task) {
        inbox.offer(task);
        if (!inLoop()) {
            errors.contain(null, wake); // the task is in, and runs when the wait ends
        }
        runLate();
    }

    /** After the end: what came too late for the last poller runs on the thread that brought it, or found it. */
    private void runLate() {
        while (lifecycle.isClosed() && !inbox.isEmpty() && tryEnter()) {
            try {
                lifecycle.runLateTasks();
            } finally {
                leave();
            }
        }
    }

    /**
     * Keeps the queue from being closed until {@link WorkGuard#release}: for layers whose work has a last callback to make,
     * but no key. Any thread.
     *
     * @param whenClosing runs on the polling thread when the queue begins to close, or closes already, at most once and not
     *     after the release, but perhaps before this method returns to another thread; it must lead to the release
     * @throws ClosedException if the queue is closed, or if it is closing and this is not its polling thread
     */
    public WorkGuard guard(Runnable whenClosing) throws ClosedException {
        WorkGuard guard = new WorkGuard(this, Objects.requireNonNull(whenClosing, "whenClosing"));
        lifecycle.enter(inLoop());
        post(guard::begin);
        return guard;
    }

    /** A timer to arm, and to arm again: see {@link IoTimer#arm}. Any thread. */
    public IoTimer timer(Runnable task) {
        return new IoTimer(this, task);
    }

    /** Runs a task on the polling thread after a delay. Any thread. */
    public IoTimer schedule(long delayNanos, Runnable task) {
        IoTimer timer = timer(task);
        timer.arm(delayNanos);
        return timer;
    }

    /** Has {@code end} run when the present turn ends, once. Polling thread only. */
    public void atTurnEnd(TurnEnd end) {
        requireLoop("atTurnEnd");
        loop.turnEnds().add(end);
    }

    // ---- closing

    /**
     * Closes the queue and all its keys: every pending op completes as cancelled, every {@code onClosed} comes (R8). A
     * socket whose accepted bytes were not all written is reset, see {@link IoKey#close} (R13).
     *
     * <p>If a thread polls, its poll finishes the closing, and this method returns at once. If no thread polls, the calling
     * thread takes the poller's role and makes the callbacks (R4). It then waits for no peer, and for another thread only
     * while that thread is inside {@code submit} or {@code register}: for the time of one non-blocking system call. A
     * queue that no thread polls and no thread closes calls nothing back. Any thread; idempotent.
     */
    @Override
    public void close() {
        lifecycle.close();
        inbox.wakeup();
        if (lifecycle.isClosing() && tryEnter()) {
            try {
                lifecycle.finishClosing();
            } catch (Throwable e) {
                lifecycle.die(e);
            } finally {
                leave();
            }
        }
    }

    /** Hands what user code threw to the error handler: for layers that call it outside of a callback. Any thread. */
    public void report(Throwable error) {
        errors.report(null, error);
    }

    /** Whether it is closed or closing. Any thread. */
    public boolean isClosing() {
        return !lifecycle.isOpen();
    }

    /**
     * Waits until the queue is closed.
     *
     * @return false if the time has passed before
     * @throws IllegalStateException on the polling thread, which would wait for itself
     */
    public boolean awaitClosed(long timeout, TimeUnit unit) throws InterruptedException {
        if (inLoop()) {
            throw new IllegalStateException("awaitClosed on the polling thread would wait for itself");
        }
        return lifecycle.await(timeout, unit);
    }

    /**
     * Closes the queue in good order: tells every key, by {@link IoHandler#onDrain}, waits until all are closed, and then
     * closes the queue; what is open when the timeout has passed is cut as by {@link #close}. Any thread; the queue has to
     * be polled on.
     *
     * @return completes on the polling thread, when the queue is closed
     */
    public CompletableFuture<DrainReport> drain(Duration timeout) {
        return Drain.start(List.of(this), timeout);
    }

    // ---- seeing inside

    /** How many keys there are that are not closed. Any thread. */
    public int openKeys() {
        return lifecycle.openKeys();
    }

    /** One line per key, each by {@link IoKey#explain}. Polling thread only. */
    public String dump() {
        requireLoop("dump");
        return this + ", fast track " + fastTrack + ", " + loop.dump();
    }

    @Override
    public String toString() {
        return "IoQueue[" + config.backend().name() + " " + lifecycle + "]";
    }

    /** The configuration it was opened with. */
    public IoQueueConfig config() {
        return config;
    }

    /** Whether ops are tried in {@code submit} now. */
    public FastTrack fastTrack() {
        return fastTrack;
    }

    /** Turns the fast track on, off or random, while running. Any thread. */
    public void fastTrack(FastTrack policy) {
        fastTrack = Objects.requireNonNull(policy, "policy");
    }

    /**
     * The queue's clock as this round saw it, behind its wait: for times that are written down often. Nanoseconds.
     * Polling thread only.
     */
    public long roundNanos() {
        return loop.now();
    }

    /** The buffers of this queue. Polling thread only. */
    public BufferPool buffers() {
        return loop.buffers();
    }

    void requireLoop(String verb) {
        if (!inLoop()) {
            throw new IllegalStateException(verb + " belongs to the polling thread");
        }
    }

    long now() {
        return clock.nanos();
    }

    /** What only the polling thread may touch. */
    Loop loop() {
        return loop;
    }

    GuardedErrorHandler errors() {
        return errors;
    }

    QueueLifecycle lifecycle() {
        return lifecycle;
    }

    QueueProbe probe() {
        return probe;
    }
}
