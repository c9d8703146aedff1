package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoTimer;
import java.util.concurrent.TimeUnit;

/**
 * How long to wait before trying again what has failed: 10 ms at first, doubling to 1 s while nothing else happens. The
 * system tells no kinds of failure apart, and trying at once what failed for want of something would spin. Polling thread
 * only.
 */
final class Backoff {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IoTimer timer;
    private long nextNanos = FIRST_NANOS;

    Backoff(IoQueue queue, Runnable retry) {
        this.timer = queue.timer(retry);
    }

    /** It has failed: the retry runs when the time is over. */
    void failed() {
        timer.arm(nextNanos);
        nextNanos = Math.min(2 * nextNanos, LONGEST_NANOS);
    }

    void succeeded() {
        nextNanos = FIRST_NANOS;
    }

    boolean isWaiting() {
        return timer.isArmed();
    }

    /** There is nothing more to try. */
    void cancel() {
        timer.cancel();
    }
}
