package io.github.ioqueue.tests.tls;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.testkit.CallCounter;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** A queue on real sockets that the test's own thread polls, by a clock of its own; the ledger watches it. */
class PolledQueue implements AutoCloseable {

    final ManualClock clock = new ManualClock();
    final CallCounter calls = new CallCounter();
    final List<Throwable> errors = new ArrayList<>();
    final IoQueue queue;
    private final CompletionLedger ledger = new CompletionLedger();

    PolledQueue(IoQueueConfig.Builder config) throws IOException {
        queue = IoQueue.open(config.nanoClock(clock)
                .probe(Probes.all(calls, ledger))
                .errorHandler((q, key, error) -> errors.add(error))
                .build());
    }

    interface Act {
        void run() throws Exception;
    }

    /** Runs on the loop, in a turn of its own. */
    void run(Act task) {
        boolean[] done = {false};
        queue.execute(() -> {
            try {
                task.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                done[0] = true;
            }
        });
        until("the task has run", () -> done[0]);
    }

    private long ask(LongSupplier question) {
        long[] answer = new long[1];
        run(() -> answer[0] = question.getAsLong());
        return answer[0];
    }

    long lentBytes() {
        return ask(() -> queue.buffers().lentBytes());
    }

    long keptBytes() {
        return ask(() -> queue.buffers().keptBytes());
    }

    /** Polls until nothing moves. */
    void settle() {
        for (int quiet = 0; quiet < 5; ) {
            quiet = queue.poll(TimeUnit.MILLISECONDS.toNanos(1)) == 0 ? quiet + 1 : 0;
        }
    }

    /** Has nothing happen for so long. */
    void pass(Duration time) {
        settle();
        clock.advance(time.toNanos());
        settle();
    }

    void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TlsRig.DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("in vain waited until " + what + ": " + this + "; errors " + errors);
            }
            queue.poll(TimeUnit.MILLISECONDS.toNanos(1));
            queue.poll(
                    0); // by a clock that stands still the wait before was too short, and many in a row are warned of
        }
    }

    /** Polls until another thread has done this, and the condition holds. */
    void during(Act anotherThreads, BooleanSupplier condition) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        anotherThreads.run();
                    } catch (Exception | AssertionError e) {
                        failure.set(e);
                    }
                },
                "beside the loop");
        thread.start();
        until(
                "it and another thread are through",
                () -> failure.get() != null || (condition.getAsBoolean() && !thread.isAlive()));
        if (failure.get() != null) {
            throw new AssertionError(this + ", errors " + errors, failure.get());
        }
    }

    /** Judges: no buffer is out, and every op has had its completion. */
    @Override
    public void close() throws IOException {
        if (!queue.isClosing()) {
            long lent = lentBytes();
            if (lent != 0) {
                throw new AssertionError(lent + " bytes of buffers are out: " + this);
            }
        }
        queue.close();
        ledger.verify();
    }
}
