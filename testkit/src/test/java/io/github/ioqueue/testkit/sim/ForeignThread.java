package io.github.ioqueue.testkit.sim;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Another thread, for whose actions the caller waits: never beside it, and so deterministic. */
final class ForeignThread implements AutoCloseable {

    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    void run(Runnable action) {
        try {
            executor.submit(action).get();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError("another thread's action threw", e.getCause());
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
