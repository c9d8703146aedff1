package io.github.ioqueue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** {@link InetAddress#getAllByName} blocks, so it runs on threads of its own. */
final class SystemResolver implements Resolver {

    static final SystemResolver INSTANCE = new SystemResolver();

    private static final int THREADS = 16;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    private SystemResolver() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "ioqueue-resolver-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void resolve(String host, IoQueue queue, Answer answer) {
        threads.execute(() -> {
            try {
                tell(queue, answer, List.of(InetAddress.getAllByName(host)), null);
            } catch (IOException e) {
                tell(queue, answer, List.of(), e);
            }
        });
    }

    private static void tell(IoQueue queue, Answer answer, List<InetAddress> addresses, @Nullable IOException failure) {
        try {
            queue.execute(() -> answer.onResolved(addresses, failure));
        } catch (RejectedExecutionException closed) {
            // Documented: who has closed the queue waits for no answer.
        }
    }
}
