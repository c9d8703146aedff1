package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R9: what user code throws reaches the error handler and harms nobody else; what the machine throws ends the loop. */
@EveryTrack
class ThrowingCallbackTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;
    private final RuntimeException thrown = new IllegalStateException("thrown by a test");

    ThrowingCallbackTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aCompletionThatThrowsIsTold() {
        recorder.then((k, op) -> {
            throw thrown;
        });
        lab.submit(key, Bytes.read(1));
        port.input().give("a");
        lab.settle();
        assertThat(lab.takeErrors()).containsExactly(thrown);
    }

    @Test
    void theKeyGoesOn() {
        recorder.then((k, op) -> {
            throw thrown;
        });
        lab.submit(key, Bytes.read(1));
        port.input().give("ab");
        lab.settle();
        lab.takeErrors();
        recorder.then((k, op) -> {});
        ReadOp next = Bytes.read(1);
        lab.submit(key, next);
        lab.settle();
        assertThat(Bytes.text(next)).isEqualTo("b");
    }

    @Test
    void otherKeysGoOnInTheSameRound() {
        ScriptedStreamPort otherPort = ScriptedStreamPort.connected();
        Recorder others = new Recorder();
        IoKey other = lab.register(otherPort, others);
        recorder.then((k, op) -> {
            throw thrown;
        });
        lab.submit(key, new ReadOp());
        lab.submit(other, new ReadOp());
        lab.settle();
        port.input().give("a");
        otherPort.input().give("b");
        lab.queue.poll(0);
        assertThat(others.completed).hasSize(1);
        assertThat(lab.takeErrors()).containsExactly(thrown);
    }

    @Test
    void onClosedThatThrowsIsTold() {
        recorder.whenClosed(k -> {
            throw thrown;
        });
        lab.inLoop(key::close);
        lab.settle();
        assertThat(port.isClosed()).isTrue();
        assertThat(lab.takeErrors()).containsExactly(thrown);
    }

    @Test
    void aTaskThatThrowsIsTold() {
        lab.queue.execute(() -> {
            throw thrown;
        });
        boolean[] ran = new boolean[1];
        lab.queue.execute(() -> ran[0] = true);
        lab.settle();
        assertThat(ran).containsExactly(true);
        assertThat(lab.takeErrors()).containsExactly(thrown);
    }

    @Test
    void aTimerThatThrowsIsTold() {
        lab.queue.schedule(0, () -> {
            throw thrown;
        });
        lab.settle();
        assertThat(lab.takeErrors()).containsExactly(thrown);
    }

    @Test
    void workAtTheEndOfATurnThatThrowsIsTold() {
        boolean[] ran = new boolean[1];
        lab.inLoop(() -> {
            lab.queue.atTurnEnd(() -> {
                throw thrown;
            });
            lab.queue.atTurnEnd(() -> ran[0] = true);
        });
        assertThat(ran).containsExactly(true);
        assertThat(lab.takeErrors()).containsExactly(thrown);
    }

    @Test
    void anErrorThatIsNotTheMachinesIsToldLikeAnyOther() {
        AssertionError error = new AssertionError("thrown by a test");
        recorder.then((k, op) -> {
            throw error;
        });
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertThat(lab.takeErrors()).containsExactly(error);
        assertThat(lab.queue.isClosing()).isFalse();
    }

    @Test
    void aStackThatOverflowsIsToldLikeAnyOther() {
        recorder.then((k, op) -> recurse(0));
        lab.submit(key, Bytes.read(1));
        port.input().give("ab");
        lab.settle();
        assertThat(lab.takeErrors()).hasSize(1).first().isInstanceOf(StackOverflowError.class);
        recorder.then((k, op) -> {});
        ReadOp next = Bytes.read(1);
        lab.submit(key, next);
        lab.settle();
        assertThat(Bytes.text(next)).isEqualTo("b");
    }

    private static long recurse(long n) {
        return n < 0 ? n : recurse(n + 1) + 1;
    }

    @Test
    void anErrorOfTheMachineInATaskCostsTheTaskOnly() {
        OutOfMemoryError error = new OutOfMemoryError("thrown by a test");
        ReadOp waiting = Bytes.read(1);
        lab.submit(key, waiting);
        lab.queue.execute(() -> {
            throw error;
        });
        lab.settle();
        assertThat(lab.takeErrors()).containsExactly(error);
        assertThat(lab.queue.isClosing()).isFalse();
        port.input().give("a");
        lab.settle();
        assertThat(Bytes.text(waiting)).isEqualTo("a");
    }

    @Test
    void everyCompletionMayThrowAnErrorOfTheMachine() {
        recorder.then((k, op) -> {
            throw new OutOfMemoryError("thrown by a test");
        });
        for (int i = 0; i < 10; i++) {
            lab.submit(key, new ReadOp());
        }
        port.input().give("a");
        lab.settle();
        assertThat(lab.takeErrors()).isNotEmpty();
        lab.inLoop(key::close);
        lab.settle();
        assertThat(recorder.completed).hasSize(10);
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(lab.queue.isClosing()).isFalse();
        assertThat(lab.takeErrors()).isNotEmpty();
    }

    @Test
    void aWaitThatFailsEndsTheLoopAndFailsEveryKey() {
        IOException failure = new IOException("no more");
        ReadOp waiting = new ReadOp();
        lab.submit(key, waiting);
        lab.demultiplexer().failWait(failure);
        assertThatThrownBy(() -> lab.queue.poll(0)).hasCause(failure);
        assertThat(recorder.completed).containsExactly(waiting);
        assertThat(waiting.failure()).isSameAs(failure);
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(lab.takeErrors()).containsExactly(failure);
    }
}
