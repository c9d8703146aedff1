package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection that is being opened, its name being resolved among others, when its queue ends. */
@Timeout(60)
class OpenAtTheEndTest {

    private static final StreamSocket SOCKET = mock();

    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final int THREADS = 4;
    private static final int ROUNDS = 30;
    private static final int MOST = 50;

    private final Queue<Resolver.Answer> questions = new ConcurrentLinkedQueue<>();
    private final Resolver slow = (host, queue, answer) -> questions.add(answer);
    private final OpenLedger ledger = new OpenLedger(
            (queue, handler) -> Connector.to("slow.test", 80).resolver(slow).open(queue, handler));

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aQueueThatIsClosedWhileANameIsResolvedCallsOnClosed(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ledger.open(rig.queue);
            rig.until("it is being resolved", () -> !questions.isEmpty());
            rig.queue.close();
            ledger.verify();
            assertThat(ledger.kinds()).containsExactly(CloseReason.Kind.LOCAL);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aQueueThatIsClosedBeforeTheResolvingBeginsCallsOnClosed(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ledger.open(rig.queue);
            rig.queue.close();
            ledger.verify();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aQueueThatIsClosedInTheCallbackThatOpensCallsOnClosed(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            rig.queue.execute(() -> {
                ledger.open(rig.queue);
                rig.queue.close();
            });
            rig.rounds(3);
            ledger.verify();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void anAnswerThatComesAfterTheEndChangesNothing(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ledger.open(rig.queue);
            rig.until("it is being resolved", () -> !questions.isEmpty());
            rig.queue.execute(() -> {
                rig.queue.close();
                questions.remove().onResolved(List.of(InetAddress.getLoopbackAddress()), null);
            });
            rig.rounds(3);
            ledger.verify();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aQueueThatIsDrainedUntilTheDeadlineCallsOnClosed(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ledger.open(rig.queue);
            rig.until("it is being resolved", () -> !questions.isEmpty());
            CompletableFuture<DrainReport> drained = rig.queue.drain(SHORT);
            rig.until("it is drained", drained::isDone);
            ledger.verify();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void anAnswerWithinTheDrainIsTheConnectionsOutcome(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ledger.open(rig.queue);
            rig.until("it is being resolved", () -> !questions.isEmpty());
            CompletableFuture<DrainReport> drained = rig.queue.drain(Duration.ofSeconds(30));
            rig.queue.execute(() -> questions.remove().onResolved(List.of(), new UnknownHostException("slow.test")));
            rig.until("it is drained", drained::isDone);
            ledger.verify();
            assertThat(ledger.kinds()).hasSize(1).isSubsetOf(CloseReason.Kind.FAILED, CloseReason.Kind.LOCAL);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aClosedQueueRefuses(FastTrack track) throws Exception {
        IoQueue queue = IoQueue.open(IoQueueConfig.builder().fastTrack(track).build());
        queue.close();
        assertThat(ledger.open(queue)).isFalse();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> Connector.to(Rig.loopback(1)).open(queue, new Recorder()));
        ledger.verify();
    }

    /** Threads open, by name and by address, while another closes the group. */
    @ParameterizedTest
    @MethodSource(TRACKS)
    void whateverReturnedFromOpenBeforeTheEndHearsOnClosed(FastTrack track) throws Exception {
        OpenLedger byAddress =
                new OpenLedger((queue, handler) -> Connector.to(Rig.loopback(1)).open(queue, handler));
        for (int round = 0; round < ROUNDS; round++) {
            IoQueueGroup group = IoQueueGroup.open(
                    1, IoQueueConfig.builder().fastTrack(track).build());
            CyclicBarrier start = new CyclicBarrier(THREADS + 1);
            CountDownLatch done = new CountDownLatch(THREADS);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                OpenLedger own = i % 2 == 0 ? ledger : byAddress;
                threads.add(new Thread(() -> openUntilRefused(group.queues().get(0), own, start, done)));
            }
            threads.forEach(Thread::start);
            start.await(10, TimeUnit.SECONDS);
            group.close();
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(group.awaitClosed(30, TimeUnit.SECONDS)).isTrue();
        }
        ledger.verify();
        byAddress.verify();
    }

    private static void openUntilRefused(IoQueue queue, OpenLedger ledger, CyclicBarrier start, CountDownLatch done) {
        try {
            start.await(10, TimeUnit.SECONDS);
            for (int i = 0; i < MOST && ledger.open(queue); i++) {
                Thread.onSpinWait();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            done.countDown();
        }
    }

    // ---- the instrument

    @Test
    void theLedgerFindsAnOnClosedThatIsForgotten() throws Exception {
        OpenLedger forgetful = new OpenLedger((queue, handler) -> queue.execute(() -> {}));
        try (IoQueue queue = IoQueue.open()) {
            forgetful.open(queue);
            queue.poll(0);
        }
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(forgetful::verify)
                .withMessageContaining("onClosed after open returned");
    }

    @Test
    void theLedgerFindsAnOnClosedThatComesTwice() throws Exception {
        OpenLedger twice = new OpenLedger((queue, handler) -> queue.execute(() -> {
            handler.onClosed(SOCKET, CloseReason.LOCAL);
            handler.onClosed(SOCKET, CloseReason.LOCAL);
        }));
        try (IoQueue queue = IoQueue.open()) {
            twice.open(queue);
            queue.poll(0);
        }
        assertThatExceptionOfType(AssertionError.class).isThrownBy(twice::verify);
    }

    @Test
    void theLedgerFindsACallbackInsideOpen() throws Exception {
        OpenLedger inside = new OpenLedger((queue, handler) -> handler.onClosed(SOCKET, CloseReason.LOCAL));
        try (IoQueue queue = IoQueue.open()) {
            inside.open(queue);
        }
        assertThatExceptionOfType(AssertionError.class).isThrownBy(inside::verify);
    }

    @Test
    void theLedgerFindsARefusalThatIsToldTwice() throws Exception {
        OpenLedger both = new OpenLedger((queue, handler) -> {
            queue.execute(() -> handler.onClosed(SOCKET, CloseReason.LOCAL));
            throw new RejectedExecutionException("on purpose");
        });
        try (IoQueue queue = IoQueue.open()) {
            assertThatCode(() -> both.open(queue)).doesNotThrowAnyException();
            queue.poll(0);
        }
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(both::verify)
                .withMessageContaining("onClosed after open threw");
    }
}
