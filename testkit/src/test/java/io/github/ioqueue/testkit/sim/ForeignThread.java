package io.github.ioqueue.testkit.sim;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Another thread, for whose actions the caller waits: never beside it, and so deterministic. */
public final class ForeignThread implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    /** A thread that spins until the caller goes on looks busy: it has so long to show that it waits. */
    private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Set<Thread.State> WAITING =
            EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private volatile @Nullable Thread busy;
    private @Nullable Future<?> held;

    /** Starts no thread yet. */
    public ForeignThread() {}

    /** Runs an action, and waits for its end. */
    public void run(Runnable action) {
        await(executor.submit(action));
    }

    /**
     * Runs an action until it ends, or waits for something: for what the caller is doing, perhaps. {@link #join} waits for
     * its end.
     */
    public void runUntilItWaits(Runnable action) {
        Future<?> running = executor.submit(() -> {
            busy = Thread.currentThread();
            try {
                action.run();
            } finally {
                busy = null;
            }
        });
        held = running;
        long deadline = System.nanoTime() + SPIN_NANOS;
        while (!running.isDone() && !isWaiting() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
    }

    private boolean isWaiting() {
        Thread thread = busy;
        return thread != null && WAITING.contains(thread.getState());
    }

    /** Waits for the end of what {@link #runUntilItWaits} began. */
    public void join() {
        Future<?> last = held;
        held = null;
        if (last != null) {
            await(last);
        }
    }

    private static void await(Future<?> action) {
        try {
            action.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (TimeoutException e) {
            throw new AssertionError("another thread's action does not end", e);
        } catch (ExecutionException e) {
            throw new AssertionError("another thread's action threw", e.getCause());
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
