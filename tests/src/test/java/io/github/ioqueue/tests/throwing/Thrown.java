package io.github.ioqueue.tests.throwing;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/** The kinds of throwables that code of others throws. */
enum Thrown {
    RUNTIME,
    CHECKED,
    ASSERTION,
    NO_CLASS,
    STACK_OVERFLOW,
    THREAD_DEATH,
    DIRECT_MEMORY,
    ARRAY_SIZE,
    NATIVE_THREAD,
    /** Executors only. */
    REJECTED;

    /** A new one. */
    @SuppressWarnings("removal") // ThreadDeath, from JDK 20 on
    Throwable make() {
        return switch (this) {
            case RUNTIME -> new IllegalStateException("thrown by a test");
            case CHECKED -> new IOException("thrown by a test where none is declared");
            case ASSERTION -> new AssertionError("thrown by a test");
            case NO_CLASS -> new NoClassDefFoundError("thrown/by/a/Test");
            case STACK_OVERFLOW -> new StackOverflowError();
            case THREAD_DEATH -> new ThreadDeath();
            case DIRECT_MEMORY -> new OutOfMemoryError("Cannot reserve 65536 bytes of direct buffer memory");
            case ARRAY_SIZE -> new OutOfMemoryError("Requested array size exceeds VM limit");
            case NATIVE_THREAD -> new OutOfMemoryError("unable to create native thread: possibly out of memory");
            case REJECTED -> new RejectedExecutionException("thrown by a test");
        };
    }
}
