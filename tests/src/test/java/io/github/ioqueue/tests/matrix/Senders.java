package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads beside the polling one, each of which takes its steps in order. */
interface Senders extends AutoCloseable {

    /** Starts one thread more, which does this so many times. */
    void start(int times, Runnable step);

    /** Waits for the threads; fails if a step has thrown. */
    @Override
    void close();

    /** Threads of the system, which run as it likes. */
    final class AtWill implements Senders {

        private final ExecutorService executor = Executors.newCachedThreadPool();
        private final List<Future<?>> running = new ArrayList<>();

        @Override
        public void start(int times, Runnable step) {
            running.add(executor.submit(() -> {
                for (int i = 0; i < times; i++) {
                    step.run();
                }
            }));
        }

        @Override
        public void close() {
            running.forEach(Senders::await);
            executor.shutdown();
        }
    }

    /**
     * Threads that run while the poller waits for them, at the points that a simulated network names, one step of one of
     * them at a time: by the seed.
     */
    final class InTurn implements Senders {

        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final List<Runnable> waiting = new ArrayList<>();
        private final Random random;
        private boolean busy;

        InTurn(SimulatedNetwork network, Random random) {
            this.random = random;
            network.atEachPoint(this::point);
        }

        @Override
        public void start(int times, Runnable step) {
            for (int i = 0; i < times; i++) {
                waiting.add(step);
            }
        }

        /** A step may come to points itself. */
        private void point() {
            if (!busy && !waiting.isEmpty() && random.nextBoolean()) {
                busy = true;
                Runnable next = waiting.remove(random.nextInt(waiting.size()));
                await(executor.submit(next));
                busy = false;
            }
        }

        @Override
        public void close() {
            executor.shutdown();
        }
    }

    private static void await(Future<?> step) {
        try {
            step.get();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError("another thread's step threw", e.getCause());
        }
    }
}
