package io.github.ioqueue.activesock;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks on an executor, one at a time and in their order; each sees what the one before did. Tasks do not throw. When
 * the executor refuses, what is there runs where it was brought, and so does all that follows. Any thread.
 */
final class Serial {

    /** After so many in a row others on the executor have their turn. */
    private static final int BURST = 64;

    private final Executor executor;
    private final Consumer<? super Throwable> refused;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** The executor was asked to run the tasks and has not begun. The thread that clears this runs them. */
    private final AtomicBoolean due = new AtomicBoolean();

    private volatile boolean inPlace;

    Serial(Executor executor, Consumer<? super Throwable> refused) {
        this.executor = executor;
        this.refused = refused;
    }

    void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            start();
        }
    }

    private void start() {
        due.set(true);
        if (!inPlace) {
            try {
                executor.execute(this::runIfDue);
                return;
            } catch (Throwable e) { // it refuses, or has no thread to be had
                inPlace = true;
                refused.accept(e);
            }
        }
        runIfDue(); // unless the executor has begun it, and threw then
    }

    /** Once for each start, however often the executor runs it. */
    private void runIfDue() {
        if (due.compareAndSet(true, false)) {
            run();
        }
    }

    /** Whoever is here is alone, until it has counted the last task off. */
    private void run() {
        for (int i = 0; ; i++) {
            if (i == BURST && !inPlace) {
                start();
                return;
            }
            Objects.requireNonNull(tasks.poll()).run(); // each was added before it was counted
            if (waiting.decrementAndGet() == 0) {
                return;
            }
        }
    }
}
