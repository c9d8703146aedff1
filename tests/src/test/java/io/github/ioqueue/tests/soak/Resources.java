package io.github.ioqueue.tests.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a process has and must give back.
 *
 * @param descriptors open descriptors, 0 where they cannot be counted
 * @param directBytes direct memory
 * @param threads living threads
 */
record Resources(long descriptors, long directBytes, int threads) {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    static Resources now() {
        System.gc();
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return new Resources(
                descriptors, direct, ManagementFactory.getThreadMXBean().getThreadCount());
    }

    /** How many descriptors, threads and bytes more than before, when the collector has had time enough. */
    static long leakedSince(Resources before) {
        long deadline = System.nanoTime() + PATIENCE;
        long leaked = now().moreThan(before);
        while (leaked > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            leaked = now().moreThan(before);
        }
        if (leaked > 0) {
            System.out.println("before " + before + ", now " + now());
        }
        return leaked;
    }

    private long moreThan(Resources before) {
        return Math.max(0, descriptors - before.descriptors)
                + Math.max(0, directBytes - before.directBytes)
                + Math.max(0, threads - before.threads);
    }
}
