package io.github.ioqueue.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much memory some work takes: what an input announces is no reason to allocate it. */
public final class Bounds {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int TRIES = 3;

    private Bounds() {}

    /** Work that may throw what it throws, and is the same each time. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        /** Does it. */
        void run() throws E;
    }

    /**
     * Does the work on this thread; fails if it allocates more on the heap. What it seems to allocate the first time may be
     * that of classes that are loaded, so it is given a second try, and a third.
     */
    @SuppressWarnings("unchecked")
    public static <E extends Exception> void within(long bytes, Work<E> work) throws E {
        E thrown = null;
        long allocated = Long.MAX_VALUE;
        for (int tries = 0; tries < TRIES && allocated > bytes; tries++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            thrown = null;
            try {
                work.run();
            } catch (Exception e) {
                thrown = (E) e; // it throws no other, but for what needs no declaration
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        if (allocated > bytes) {
            throw new AssertionError(
                    allocated + " bytes were allocated, and no more than " + bytes + " should be", thrown);
        }
        if (thrown != null) {
            throw thrown;
        }
    }
}
