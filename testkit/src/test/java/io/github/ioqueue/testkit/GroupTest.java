package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ioqueue.Chooser;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.DrainReport;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReceiveOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several queues and their threads. */
@Timeout(60)
class GroupTest {

    private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final IoQueueConfig config = IoQueueConfig.builder()
            .errorHandler((queue, key, error) -> errors.add(error))
            .build();

    private static void end(IoQueueGroup group) throws InterruptedException {
        group.close();
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Runs a task on a queue's thread and waits for what comes out. */
    private static <T> T on(IoQueue queue, Callable<T> task) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        queue.execute(() -> {
            try {
                answer.complete(task.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void threadsAreNamedAndDoNotKeepTheProgramAlive() throws Exception {
        IoQueueGroup group =
                IoQueueGroup.builder().size(2).config(config).name("phones").open();
        List<Thread> threads = new ArrayList<>();
        for (IoQueue queue : group.queues()) {
            threads.add(on(queue, Thread::currentThread));
        }
        assertThat(threads).extracting(Thread::getName).containsExactly("phones-0", "phones-1");
        assertThat(threads).allMatch(Thread::isDaemon);
        end(group);
        assertThat(threads).noneMatch(Thread::isAlive);
    }

    @Test
    void threadsOfOnesOwnAreLeftAsTheyAre() throws Exception {
        Set<Thread> made = new HashSet<>();
        IoQueueGroup group = IoQueueGroup.builder()
                .size(2)
                .threads(loop -> {
                    Thread thread = new Thread(loop, "mine");
                    made.add(thread);
                    return thread;
                })
                .open();
        assertThat(made).hasSize(2).allMatch(thread -> thread.getName().equals("mine") && !thread.isDaemon());
        end(group);
    }

    @Test
    void socketsGoToTheQueuesInTurn() throws Exception {
        IoQueueGroup group = IoQueueGroup.open(3, config);
        List<IoQueue> queues = group.queues();
        assertThat(List.of(group.next(), group.next(), group.next(), group.next()))
                .containsExactly(queues.get(0), queues.get(1), queues.get(2), queues.get(0));
        end(group);
    }

    @Test
    void orToTheOneWithTheFewestKeys() throws Exception {
        IoQueueGroup group = IoQueueGroup.builder()
                .size(2)
                .config(config)
                .chooser(Chooser.fewestKeys())
                .open();
        IoQueue first = group.next();
        first.register(first.openDatagram(), new Recorder());
        IoQueue second = group.next();
        assertThat(second).isNotSameAs(first);
        second.register(second.openDatagram(), new Recorder());
        second.register(second.openDatagram(), new Recorder());
        assertThat(second.openKeys()).isEqualTo(2);
        assertThat(group.next()).isSameAs(first);
        end(group);
        assertThat(second.openKeys()).isZero();
    }

    @Test
    void aQueueWhoseLoopDiesIsChosenNoMoreAndTheOthersGoOn() throws Exception {
        OutOfMemoryError error = new OutOfMemoryError("thrown by a test");
        FailingWaits waits = new FailingWaits();
        CompletableFuture<Throwable> endedWith = new CompletableFuture<>();
        IoQueueGroup group = IoQueueGroup.builder()
                .size(2)
                .config(IoQueueConfig.builder()
                        .backend(waits.before(config.backend()))
                        .errorHandler(config.errorHandler())
                        .probe(config.probe())
                        .build())
                .threads(loop -> {
                    Thread thread = new Thread(loop);
                    thread.setUncaughtExceptionHandler((t, e) -> endedWith.complete(e));
                    return thread;
                })
                .open();
        IoQueue dying = group.queues().get(0);
        IoQueue other = group.queues().get(1);
        Recorder recorder = new Recorder();
        ReceiveOp waiting = new ReceiveOp();
        dying.register(dying.openDatagram().bind(Loopback.ANY_PORT), recorder).submit(waiting);
        waits.fail(dying, error);
        assertThat(endedWith.get(10, TimeUnit.SECONDS)).isSameAs(error);
        assertThat(dying.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.failure()).hasCause(error);
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(errors).containsExactly(error);
        assertThat(List.of(group.next(), group.next())).containsOnly(other);
        assertThat(on(other, () -> 42)).isEqualTo(42);
        end(group);
    }

    @Test
    void whenAllAreClosedWhatIsNewIsRefused() throws Exception {
        IoQueueGroup group = IoQueueGroup.open(2, config);
        end(group);
        try (IoSocket socket = group.next().openStream()) {
            assertThatExceptionOfType(ClosedException.class)
                    .isThrownBy(() -> group.next().register(socket, new Recorder()));
        }
    }

    @Test
    void drainingTakesAllTogether() throws Exception {
        IoQueueGroup group = IoQueueGroup.open(2, config);
        IoQueue first = group.queues().get(0);
        IoQueue second = group.queues().get(1);
        Phaser told = new Phaser(2);
        Recorder slow = new Recorder().whenDrained(k -> told.arrive());
        var key = first.register(first.openDatagram(), slow);
        Recorder quick = new Recorder().whenClosed(k -> told.arrive());
        second.register(second.openDatagram(), quick);
        CompletableFuture<DrainReport> drained = group.drain(Duration.ofMinutes(1));
        told.awaitAdvanceInterruptibly(0, 10, TimeUnit.SECONDS);
        assertThat(second.isClosing()).isFalse();
        Recorder late = new Recorder();
        second.register(second.openDatagram(), late);
        key.close();
        assertThat(drained.get(10, TimeUnit.SECONDS).isClean()).isTrue();
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        assertThat(late.closed).isEqualTo(1);
    }

    @Test
    void awaitingTheEndOnAThreadOfTheGroupIsRefused() throws Exception {
        IoQueueGroup group = IoQueueGroup.open(1, config);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> on(group.next(), () -> group.awaitClosed(1, TimeUnit.SECONDS)))
                .withCauseInstanceOf(IllegalStateException.class);
        end(group);
    }

    @Test
    void aGroupOfNoneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> IoQueueGroup.open(0, config));
    }
}
