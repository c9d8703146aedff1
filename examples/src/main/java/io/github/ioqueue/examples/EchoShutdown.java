package io.github.ioqueue.examples;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueGroup;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Ends the echo server, in the JVM's shutdown hook: after SIGTERM, after SIGINT, and when the program itself exits.
 *
 * <pre>
 *   drain the connections --&gt; delete the temporary files --&gt; print the summary --&gt; halt with the exit code
 * </pre>
 *
 * It is the only hook. A JVM that a signal ends has exit code 143 or 130, and a hook can change that only by halting.
 */
final class EchoShutdown {

    /** How long the loops may take to close their sockets after the drain's deadline. */
    private static final long CLOSE_SECONDS = 5;

    private final IoQueueGroup group;
    private final Duration drain;
    private final LongAdder timedOut;
    private final Runnable deleteFiles;
    private final Supplier<String> summary;
    private volatile boolean failed;

    /**
     * Creates the end of one server.
     *
     * @param drain how long connections may take to end
     * @param timedOut counts connections that a deadline of their own cut while draining
     * @param deleteFiles deletes what the program made
     * @param summary the last line on standard output
     */
    EchoShutdown(
            IoQueueGroup group, Duration drain, LongAdder timedOut, Runnable deleteFiles, Supplier<String> summary) {
        this.group = group;
        this.drain = drain;
        this.timedOut = timedOut;
        this.deleteFiles = deleteFiles;
        this.summary = summary;
    }

    void register() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "shutdown"));
    }

    /** The program has failed and exits: the exit code is not 0, however the drain goes. */
    void failed() {
        failed = true;
    }

    private void run() {
        boolean good = false;
        try {
            failed |= group.queues().stream().anyMatch(IoQueue::isClosing); // a loop has died
            good = drain() && !failed;
        } finally {
            deleteFiles.run();
            System.out.println(summary.get());
            System.out.flush();
            Runtime.getRuntime().halt(good ? 0 : 1);
        }
    }

    /** Returns true if no connection was cut. */
    private boolean drain() {
        try {
            DrainReport report = group.drain(drain).get(drain.toSeconds() + CLOSE_SECONDS, TimeUnit.SECONDS);
            long cut = report.cut().size() + timedOut.sum();
            if (cut > 0) {
                System.err.println("ioq echo: " + cut + (cut == 1 ? " connection was" : " connections were")
                        + " cut: not drained within " + drain.toSeconds() + " s");
            }
            return cut == 0;
        } catch (TimeoutException e) {
            System.err.println("ioq echo: the event loops did not close within " + CLOSE_SECONDS
                    + " s after the drain's deadline");
        } catch (ExecutionException e) {
            System.err.println("ioq echo: the drain failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
