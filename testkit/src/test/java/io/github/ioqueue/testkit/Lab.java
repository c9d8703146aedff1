package io.github.ioqueue.testkit;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.Submission;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.Modes.Mode;
import io.github.ioqueue.testkit.Modes.World;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;

/** A queue under test, with its instruments. The test's thread polls it. */
final class Lab implements AutoCloseable {

    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    final IoQueue queue;
    final CompletionLedger ledger;
    final CallCounter calls = new CallCounter();

    /** What the error handler was told and the test has not yet taken. */
    final List<Throwable> errors = new ArrayList<>();

    private final ScriptedBackend script;
    private Runnable whenClosed = () -> {};

    private Lab(IoQueueConfig.Builder config, ScriptedBackend script, CompletionLedger ledger, QueueProbe... more) {
        this.script = script;
        this.ledger = ledger;
        try {
            queue = IoQueue.open(config.probe(Probes.all(ledger, calls, Probes.all(more)))
                    .errorHandler((q, key, error) -> errors.add(error))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Lab scripted(FastTrack track, CompletionLedger ledger) {
        return scripted(track, ledger, config -> config);
    }

    static Lab scripted(FastTrack track, CompletionLedger ledger, UnaryOperator<IoQueueConfig.Builder> more) {
        ScriptedBackend backend = new ScriptedBackend();
        IoQueueConfig.Builder config = IoQueueConfig.builder()
                .backend(backend)
                .nanoClock(backend.clock())
                .fastTrack(track);
        return new Lab(more.apply(config), backend, ledger);
    }

    static Lab probed(CompletionLedger ledger, QueueProbe... more) {
        ScriptedBackend backend = new ScriptedBackend();
        IoQueueConfig.Builder config = IoQueueConfig.builder().backend(backend).nanoClock(backend.clock());
        return new Lab(config, backend, ledger, more);
    }

    static Lab real(Mode mode, CompletionLedger ledger) {
        return new Lab(IoQueueConfig.builder().backend(mode.backend()).fastTrack(mode.track()), null, ledger);
    }

    static Lab in(World world, CompletionLedger ledger) {
        IoBackend backend = world.opening().get();
        IoQueueConfig.Builder config = IoQueueConfig.builder().backend(backend).fastTrack(world.track());
        if (backend instanceof SimulatedNetwork network) {
            config.nanoClock(network.clock());
        }
        BufferWatch buffers = new BufferWatch();
        Lab lab = new Lab(config, null, ledger, buffers);
        lab.whenClosed = () -> Assertions.assertThat(buffers.violations()).isEmpty();
        return lab;
    }

    ScriptedDemultiplexer demultiplexer() {
        return script.demultiplexer();
    }

    ManualClock clock() {
        return script.clock();
    }

    // ---- sockets

    IoKey register(ScriptedStreamPort port, Recorder recorder) {
        return here(() -> queue.register(port.socket(), recorder));
    }

    IoKey register(ScriptedListenerPort port, Recorder recorder) {
        return here(() -> queue.register(port.socket(), recorder));
    }

    IoKey register(ScriptedDatagramPort port, Recorder recorder) {
        return here(() -> queue.register(port.socket(), recorder));
    }

    // ---- the loop

    /** Rounds until nothing happens any more that needs no waiting. */
    void settle() {
        int quiet = 0;
        for (int round = 0; quiet < 2; round++) {
            long busyPolls = calls.polls() - calls.emptyPolls();
            boolean idle = queue.poll(0) == 0 && calls.polls() - calls.emptyPolls() == busyPolls;
            quiet = idle ? quiet + 1 : 0;
            if (round == 10_000) {
                throw new AssertionError("does not come to rest\n" + dump());
            }
        }
    }

    /** Runs a task on the polling thread, and the round it runs in. */
    void inLoop(ThrowingRunnable task) {
        inLoop(() -> {
            task.run();
            return null;
        });
    }

    <T> T inLoop(Callable<T> task) {
        List<T> answer = new ArrayList<>();
        List<Throwable> failure = new ArrayList<>();
        queue.execute(() -> {
            try {
                answer.add(task.call());
            } catch (Throwable e) {
                failure.add(e);
            }
        });
        while (answer.isEmpty() && failure.isEmpty()) {
            queue.poll(0);
        }
        return here(() -> {
            if (failure.isEmpty()) {
                return answer.get(0);
            }
            if (failure.get(0) instanceof Error error) {
                throw error;
            }
            throw (Exception) failure.get(0);
        });
    }

    /** Submits on the polling thread. */
    Submission submit(IoKey key, IoOp op) {
        return inLoop(() -> key.submit(op));
    }

    /** Polls until the condition holds. */
    void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not in time\n" + dump() + "\nowed: " + ledger.owed() + "\nerrors: " + errors);
            }
            queue.poll(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** When what is going on has come to rest, nothing is told for a while. */
    void expectSilence() {
        settle();
        for (int i = 0; i < 4; i++) {
            Assertions.assertThat(queue.poll(TimeUnit.MILLISECONDS.toNanos(5))).isZero();
        }
    }

    String dump() {
        return queue.isClosing() ? queue.toString() : inLoop(queue::dump);
    }

    /** Takes the errors told so far, so that they are no longer unexpected. */
    List<Throwable> takeErrors() {
        List<Throwable> taken = List.copyOf(errors);
        errors.clear();
        return taken;
    }

    @Override
    public void close() {
        queue.close();
        Assertions.assertThat(queue.isClosing()).isTrue();
        whenClosed.run();
        if (!errors.isEmpty()) {
            throw new AssertionError("callbacks or tasks threw", errors.get(0));
        }
    }

    // ---- checked exceptions are failures of the test

    interface ThrowingRunnable {
        void run() throws Exception;
    }

    static <T> T here(Callable<T> task) {
        try {
            return task.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a task on another thread and waits for its end; what it throws, this throws. */
    static void elsewhere(ThrowingRunnable task) {
        List<Throwable> failure = new ArrayList<>();
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                failure.add(e);
            }
        });
        thread.start();
        here(() -> {
            thread.join();
            return null;
        });
        if (!failure.isEmpty()) {
            throw new AssertionError(failure.get(0));
        }
    }
}
