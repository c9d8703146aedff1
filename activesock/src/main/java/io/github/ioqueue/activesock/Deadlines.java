package io.github.ioqueue.activesock;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoTimer;
import java.time.Duration;

/**
 * The deadlines of an open socket: idle, read and write-stalled. What happens writes down when, in a field; one timer looks
 * at the fields when the earliest of them could be over, and is armed again for what is left. So a message costs no timer.
 *
 * <pre>
 *   idle            since bytes came or went
 *   read            since the socket began to wait for bytes; not while reading is paused
 *   write-stalled   since the system took bytes, or sends began to queue; only while something is queued
 * </pre>
 */
final class Deadlines {

    private static final long NONE = Long.MAX_VALUE;

    private final IoQueue queue;
    private final IoKey key;
    private final ActiveSocket socket;
    private final SendBudget budget;
    private final Duration idle;
    private final Duration read;
    private final Duration stall;
    private final IoTimer timer;

    // ---- shared with threads that send

    /** The timer looks after the queue. */
    private volatile boolean watching;

    private volatile long queuedSince;

    // ---- polling thread only

    private long waitingSince;
    private boolean waiting;
    private boolean running;

    Deadlines(IoKey key, ActiveSocket socket, SendBudget budget, StreamConfig config) {
        this.queue = key.queue();
        this.key = key;
        this.socket = socket;
        this.budget = budget;
        this.idle = config.idleTimeout();
        this.read = config.readTimeout();
        this.stall = config.stallTimeout();
        this.timer = queue.timer(this::look);
    }

    // ---- what happens

    void start() {
        running = true;
        look();
    }

    void stop() {
        if (running) {
            running = false;
            timer.cancel();
        }
    }

    /** A read has been submitted. */
    void waiting() {
        waiting = true;
        waitingSince = queue.roundNanos();
    }

    /** The read is over. */
    void notWaiting() {
        waiting = false;
    }

    /** The first send has been taken. Any thread. */
    void queueBegins() {
        if (stall.isZero()) {
            return;
        }
        queuedSince =
                queue.inLoop() ? queue.roundNanos() : queue.config().nanoClock().getAsLong();
        if (!watching) {
            watching = true;
            if (queue.inLoop()) {
                lookAgain();
            } else {
                socket.later(this::lookAgain);
            }
        }
    }

    // ---- the timer

    private void lookAgain() {
        if (running) {
            look();
        }
    }

    private void look() {
        long next = Math.min(Math.min(leftIdle(), leftReading()), leftStalled());
        if (next != NONE && running) {
            timer.arm(next);
        }
    }

    private long leftIdle() {
        return left(idle, Math.max(key.lastInput(), key.lastOutput()), "idle: nothing came and nothing went for ");
    }

    private long leftReading() {
        return waiting || read.isZero()
                ? left(read, waitingSince, "read: nothing came for ")
                : read.toNanos(); // a read that begins meanwhile cannot be over before
    }

    private long leftStalled() {
        watching = false; // before looking: a queue that begins from now on is told
        if (budget.isEmpty()) {
            return NONE;
        }
        watching = true;
        return left(
                stall,
                Math.max(queuedSince, key.lastOutput()),
                "write stalled: of " + budget.bytes() + " bytes queued the peer took none for ");
    }

    /** How long is left; nothing, and the socket is ended, if it is over. */
    private long left(Duration timeout, long since, String what) {
        if (timeout.isZero()) {
            return NONE;
        }
        long left = timeout.toNanos() - (queue.roundNanos() - since);
        if (left <= 0 && running) {
            running = false;
            socket.end(CloseReason.of(new DeadlineException(what + timeout)), true);
        }
        return left;
    }
}
