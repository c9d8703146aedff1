package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a queue, from wherever it is asked for. */
@EveryTrack
class QueueCloseTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    QueueCloseTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void assertClosed() {
        assertThat(Lab.here(() -> lab.queue.awaitClosed(10, TimeUnit.SECONDS))).isTrue();
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(port.isClosed()).isTrue();
        assertThat(lab.demultiplexer().isClosed()).isTrue();
    }

    @Test
    void whenNobodyPollsItIsDoneHereAndNow() {
        lab.submit(key, new ReadOp());
        lab.queue.close();
        assertThat(recorder.completed).hasSize(1);
        assertClosed();
    }

    @Test
    void fromACallbackThePollThatIsUnderWayFinishesIt() {
        recorder.then((k, op) -> {
            lab.queue.close();
            assertThat(recorder.closed).isZero();
        });
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertClosed();
    }

    @Test
    void fromATaskThePollThatIsUnderWayFinishesIt() {
        lab.submit(key, new ReadOp());
        lab.queue.execute(lab.queue::close);
        lab.queue.poll(0);
        assertThat(recorder.completed).hasSize(1);
        assertClosed();
    }

    @Test
    void fromOnClosedOfAKey() {
        recorder.whenClosed(k -> lab.queue.close());
        lab.inLoop(key::close);
        lab.settle();
        assertClosed();
    }

    @Test
    void fromAnotherThreadThePollerIsWokenAndFinishesIt() throws Exception {
        lab.submit(key, new ReadOp());
        lab.demultiplexer().blocking(true);
        AtomicBoolean onPoller = new AtomicBoolean();
        Thread poller = new Thread(() -> {
            while (!lab.queue.isClosing()) {
                lab.queue.poll(Long.MAX_VALUE);
            }
        });
        recorder.then((k, op) -> onPoller.set(Thread.currentThread() == poller));
        poller.start();
        while (!lab.demultiplexer().waits().contains(Long.MAX_VALUE)) {
            Thread.onSpinWait(); // between two polls, close() may take the poller's part itself
        }
        lab.queue.close();
        assertClosed();
        poller.join();
        assertThat(onPoller).isTrue();
    }

    @Test
    void twiceIsOnce() {
        lab.queue.close();
        lab.queue.close();
        assertClosed();
    }

    @Test
    void pollingAClosedQueueReturnsAtOnce() {
        lab.queue.close();
        assertThat(lab.queue.poll(Long.MAX_VALUE)).isZero();
    }

    @Test
    void tasksAreRejectedAfterwards() {
        lab.queue.close();
        assertThatThrownBy(() -> lab.queue.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void tasksThatWereAcceptedRun() {
        AtomicBoolean ran = new AtomicBoolean();
        lab.queue.execute(() -> ran.set(true));
        lab.queue.close();
        assertThat(ran).isTrue();
    }

    @Test
    void awaitingItOnThePollingThreadIsRefused() {
        lab.inLoop(
                () -> assertThatIllegalStateException().isThrownBy(() -> lab.queue.awaitClosed(1, TimeUnit.SECONDS)));
    }

    @Test
    void awaitingItEndsWithItsTimeout() throws Exception {
        assertThat(lab.queue.awaitClosed(1, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void aKeyRegisteredInTheTurnThatClosesTheQueueIsClosedToo() {
        ScriptedStreamPort late = ScriptedStreamPort.connected();
        Recorder others = new Recorder();
        lab.inLoop(() -> {
            lab.queue.register(late.socket(), others).submit(new ReadOp());
            lab.queue.close();
        });
        assertThat(others.completed).hasSize(1);
        assertThat(others.closed).isEqualTo(1);
        assertThat(late.isClosed()).isTrue();
    }

    @Test
    void callbacksOfTheClosingMaySubmitAndAreAnswered() {
        recorder.then((k, op) -> k.submit(Bytes.write("too late")));
        lab.submit(key, new ReadOp());
        lab.queue.close();
        assertThat(port.written()).isEmpty();
        assertClosed();
    }

    @Test
    void anInterruptSurvivesTheClosing() {
        Thread.currentThread().interrupt();
        lab.queue.close();
        assertThat(Thread.interrupted()).isTrue();
        assertClosed();
    }

    @Test
    void buffersThatLayersAboveGiveBackInOnClosedAreAllBack() {
        var buffer = lab.inLoop(() -> lab.queue.buffers().acquire(1000));
        recorder.whenClosed(k -> {
            lab.queue.buffers().release(buffer);
            assertThat(lab.queue.buffers().lentBytes()).isZero();
        });
        lab.queue.close();
        assertClosed();
    }
}
