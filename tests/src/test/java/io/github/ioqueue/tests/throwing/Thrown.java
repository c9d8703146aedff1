package io.github.ioqueue.tests.throwing;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** The kinds of throwables that code of others throws. Each call makes a new one. */
enum Thrown {
    RUNTIME(() -> new IllegalStateException("thrown by a test")),
    CHECKED(() -> new IOException("thrown by a test where none is declared")),
    ASSERTION(() -> new AssertionError("thrown by a test")),
    NO_CLASS(() -> new NoClassDefFoundError("thrown/by/a/Test")),
    STACK_OVERFLOW(StackOverflowError::new),
    THREAD_DEATH(ThreadDeath::new),
    DIRECT_MEMORY(() -> new OutOfMemoryError("Cannot reserve 65536 bytes of direct buffer memory")),
    ARRAY_SIZE(() -> new OutOfMemoryError("Requested array size exceeds VM limit")),
    NATIVE_THREAD(() -> new OutOfMemoryError("unable to create native thread: possibly out of memory")),
    /** Executors only. */
    REJECTED(() -> new RejectedExecutionException("thrown by a test"));

    private final Supplier<Throwable> maker;

    Thrown(Supplier<Throwable> maker) {
        this.maker = maker;
    }

    Throwable make() {
        return maker.get();
    }
}
