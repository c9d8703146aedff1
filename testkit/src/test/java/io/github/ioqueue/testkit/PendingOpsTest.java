package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.CancelledException;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R2: what was pending completes exactly once, whatever happens; the ledger counts. */
@EveryTrack
class PendingOpsTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;
    private final ReadOp first = Bytes.read(10);
    private final ReadOp second = new ReadOp();
    private final WriteOp third = Bytes.write("abc");
    private final WriteOp fourth = Bytes.write("def");

    PendingOpsTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void submitAll() {
        for (var op : List.of(first, second, third, fourth)) {
            assertThat(lab.submit(key, op)).isEqualTo(Submission.PENDING);
        }
    }

    @Test
    void allCompleteAsCancelledWhenTheKeyIsClosed() {
        submitAll();
        lab.inLoop(key::close);
        lab.settle();
        assertThat(recorder.completed).containsExactlyInAnyOrder(first, second, third, fourth);
        assertThat(recorder.completed).allMatch(op -> op.failure() instanceof CancelledException);
    }

    @Test
    void allCompleteAsCancelledWhenTheQueueIsClosed() {
        submitAll();
        lab.queue.close();
        assertThat(recorder.completed).containsExactlyInAnyOrder(first, second, third, fourth);
        assertThat(recorder.completed).allMatch(op -> op.failure() instanceof CancelledException);
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void opsOfOtherThreadsThatTheLoopHasNotSeenCompleteWhenTheQueueIsClosed() {
        Lab.elsewhere(() -> {
            key.submit(first);
            key.submit(third);
        });
        lab.queue.close();
        assertThat(recorder.completed).containsExactlyInAnyOrder(first, third);
    }

    @Test
    void allReadsFailWithTheResetThatOneOfThemMet() {
        submitAll();
        port.input().reset();
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second);
        assertThat(first.failure()).isInstanceOf(ResetException.class);
        assertThat(second.failure()).isSameAs(first.failure());
    }

    @Test
    void aReadBehindAResetFailsAtOnceWithIt() {
        port.input().reset();
        lab.submit(key, first);
        lab.settle();
        ReadOp late = Bytes.read(1);
        assertThat(lab.submit(key, late)).isEqualTo(Submission.DONE);
        assertThat(late.failure()).isInstanceOf(ResetException.class);
    }

    @Test
    void whatIsPendingCompletesWhenACallbackThrows() {
        submitAll();
        recorder.then((k, op) -> {
            throw new IllegalStateException("thrown by " + op.getClass().getSimpleName());
        });
        port.input().give("1234567890").give("abc");
        port.output().takeAll().forever();
        lab.settle();
        assertThat(recorder.completed).containsExactlyInAnyOrder(first, second, third, fourth);
        assertThat(lab.takeErrors()).hasSize(4);
    }

    @Test
    void aCallbackThatThrowsDuringTheClosingKeepsNobodyFromCompleting() {
        submitAll();
        recorder.then((k, op) -> {
            throw new IllegalStateException("thrown by a callback");
        });
        recorder.whenClosed(k -> {
            throw new IllegalStateException("thrown by onClosed");
        });
        lab.queue.close();
        assertThat(recorder.completed).hasSize(4);
        assertThat(lab.takeErrors()).hasSize(5);
    }

    @Test
    void acceptsAreCancelledWithTheirListener() {
        IoKey listener = lab.register(new ScriptedListenerPort(), recorder);
        AcceptOp accept = new AcceptOp();
        lab.submit(listener, accept);
        lab.inLoop(listener::close);
        lab.settle();
        assertThat(recorder.completed).containsExactly(accept);
        assertThat(accept.failure()).isInstanceOf(CancelledException.class);
    }

    @Test
    void anOpSubmittedInTheCompletionOfACancelledOneFailsAtOnce() {
        recorder.then((k, op) -> {
            if (recorder.completed.size() == 1) {
                assertThat(k.submit(op)).isEqualTo(Submission.DONE);
                assertThat(op.failure()).isInstanceOf(ClosedException.class);
            }
        });
        lab.submit(key, first);
        lab.inLoop(key::close);
        lab.settle();
        assertThat(recorder.completed).containsExactly(first);
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void aBackendThatThrowsWhatItMayNotFailsTheOpAlone() {
        ScriptedStreamPort unfinished = ScriptedStreamPort.connected();
        IoKey other = lab.register(unfinished, recorder);
        unfinished.output().fail(new IOException("told by the seam"));
        lab.submit(other, third);
        lab.submit(key, first);
        port.input().give("x");
        lab.settle();
        assertThat(third.failure()).hasMessage("told by the seam");
        assertThat(Bytes.text(first)).isEqualTo("x");
    }
}
