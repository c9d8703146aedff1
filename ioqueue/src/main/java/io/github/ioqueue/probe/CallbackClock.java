package io.github.ioqueue.probe;

/** Measures the callback that runs on the calling thread; there is one at a time (R4). */
final class CallbackClock {

    private final ThreadLocal<long[]> began = ThreadLocal.withInitial(() -> new long[1]);

    void begins() {
        began.get()[0] = System.nanoTime();
    }

    /** How long it has been, in nanoseconds. */
    long ends() {
        return System.nanoTime() - began.get()[0];
    }
}
