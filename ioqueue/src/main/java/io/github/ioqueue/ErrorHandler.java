package io.github.ioqueue;

import org.jspecify.annotations.Nullable;

/** Is told what callbacks, tasks and timers throw (R9). Runs on the polling thread; must not throw itself. */
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
        return (queue, key, error) -> System.getLogger(IoQueue.class.getName())
                .log(System.Logger.Level.ERROR, "callback failed: " + (key == null ? queue : key.explain()), error);
    }
}
