package io.github.ioqueue;

import org.jspecify.annotations.Nullable;

/**
 * Gets what callbacks, tasks, timers, probes and backends throw (R9), every {@link Error} included. It runs on the polling
 * thread, or on the thread that called into the library. What it throws itself is contained: the first time it is printed to
 * {@link System#err}.
 */
@FunctionalInterface
public interface ErrorHandler {

    /**
     * A callback, task or timer threw.
     *
     * @param key the key whose callback it was, or null for tasks and timers and for the death of the loop itself
     */
    void onError(IoQueue queue, @Nullable IoKey key, Throwable error);

    /** Logs the error with its stack trace through {@link System.Logger}. */
    static ErrorHandler logging() {
        System.Logger logger = System.getLogger(IoQueue.class.getName());
        boolean warmedUp =
                logger.isLoggable(System.Logger.Level.ERROR); // reads its files now: later none may be to be had
        return (queue, key, error) -> {
            if (warmedUp || logger.isLoggable(System.Logger.Level.ERROR)) {
                logger.log(
                        System.Logger.Level.ERROR, "callback failed: " + (key == null ? queue : key.explain()), error);
            }
        };
    }
}
