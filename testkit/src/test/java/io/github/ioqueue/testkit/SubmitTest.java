package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R1: DONE or PENDING, and what throws. */
@EveryTrack
class SubmitTest {

    private final FastTrack track;
    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    SubmitTest(FastTrack track, CompletionLedger ledger) {
        this.track = track;
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aReadThatFindsBytesIsDoneWithoutACallback() {
        lab.queue.fastTrack(FastTrack.ON);
        port.input().give("abc");
        ReadOp read = Bytes.read(10);
        assertThat(lab.submit(key, read)).isEqualTo(Submission.DONE);
        lab.settle();
        assertThat(Bytes.text(read)).isEqualTo("abc");
        assertThat(read.count()).isEqualTo(3);
        assertThat(recorder.completed).isEmpty();
    }

    @Test
    void aReadThatFindsNothingIsPendingAndCompletesOnce() {
        ReadOp read = Bytes.read(10);
        assertThat(lab.submit(key, read)).isEqualTo(Submission.PENDING);
        lab.settle();
        assertThat(recorder.completed).isEmpty();
        assertThat(read.isPending()).isTrue();
        port.input().give("abc");
        lab.settle();
        assertThat(recorder.completed).containsExactly(read);
        assertThat(read.isPending()).isFalse();
        assertThat(Bytes.text(read)).isEqualTo("abc");
    }

    @Test
    void aFailureInSubmitIsDoneWithTheFailureInTheOp() {
        lab.queue.fastTrack(FastTrack.ON);
        IOException failure = new IOException("broken");
        port.output().fail(failure);
        WriteOp write = Bytes.write("abc");
        assertThat(lab.submit(key, write)).isEqualTo(Submission.DONE);
        assertThat(write.failure()).isSameAs(failure);
        assertThat(write.count()).isZero();
        lab.settle();
        assertThat(recorder.completed).isEmpty();
    }

    @Test
    void theOutcomeIsTheSameWhicheverWayItComes() {
        port.output().takeAll();
        WriteOp write = Bytes.write("abc");
        Submission answer = lab.submit(key, write);
        lab.settle();
        assertThat(write.failure()).isNull();
        assertThat(write.count()).isEqualTo(3);
        assertThat(port.writtenText()).isEqualTo("abc");
        assertThat(recorder.completed).hasSize(answer == Submission.DONE ? 0 : 1);
    }

    @Test
    void withTheFastTrackOffNothingIsTriedInSubmit() {
        lab.queue.fastTrack(FastTrack.OFF);
        port.output().takeAll();
        lab.inLoop(() -> {
            assertThat(key.submit(Bytes.write("abc"))).isEqualTo(Submission.PENDING);
            assertThat(port.calls()).isEmpty();
        });
    }

    @Test
    void anOpThatIsAlwaysAsyncIsNotTriedInSubmit() {
        port.output().takeAll();
        WriteOp write = Bytes.write("abc");
        write.alwaysAsync(true);
        assertThat(lab.submit(key, write)).isEqualTo(Submission.PENDING);
        lab.settle();
        assertThat(recorder.completed).containsExactly(write);
    }

    @Test
    void theTrackCanBeChangedWhileRunning() {
        assertThat(lab.queue.fastTrack()).isSameAs(track);
        port.output().takeAll().forever();
        lab.queue.fastTrack(FastTrack.OFF);
        assertThat(lab.submit(key, Bytes.write("a"))).isEqualTo(Submission.PENDING);
        lab.settle();
        lab.queue.fastTrack(FastTrack.ON);
        assertThat(lab.submit(key, Bytes.write("b"))).isEqualTo(Submission.DONE);
        assertThat(port.writtenText()).isEqualTo("ab");
    }

    @Test
    void anEmptyWriteSucceedsWithoutASystemCall() {
        port.output().takeAll();
        WriteOp write = Bytes.write("");
        lab.submit(key, write);
        lab.settle();
        assertThat(write.isPending()).isFalse();
        assertThat(write.failure()).isNull();
        assertThat(port.calls()).isEmpty();
    }

    @Test
    void anOpOnAClosedKeyIsDoneAndFailed() {
        lab.inLoop(key::close);
        ReadOp read = Bytes.read(10);
        assertThat(lab.submit(key, read)).isEqualTo(Submission.DONE);
        assertThat(read.failure()).isInstanceOf(ClosedException.class);
        assertThat(read.isPending()).isFalse();
    }

    @Test
    void anOpOnTheKeyOfAClosedQueueIsDoneAndFailed() {
        lab.queue.close();
        WriteOp write = Bytes.write("abc");
        assertThat(key.submit(write)).isEqualTo(Submission.DONE);
        assertThat(write.failure()).isInstanceOf(ClosedException.class);
    }

    @Test
    void anOpThatDoesNotFitTheSocketIsMisuse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key.submit(new AcceptOp()))
                .withMessageContaining("R1")
                .withMessageContaining("AcceptOp")
                .withMessageContaining("stream socket");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key.submit(new ReceiveOp()))
                .withMessageContaining("R1");
    }

    @Test
    void aReadWithoutRoomIsMisuse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key.submit(Bytes.read(0)))
                .withMessageContaining("R1");
    }

    @Test
    void connectingAConnectedSocketIsMisuse() {
        assertThatIllegalStateException()
                .isThrownBy(() -> key.submit(new ConnectOp(Bytes.SOMEWHERE)))
                .withMessageContaining("R1");
    }

    @Test
    void misuseLeavesTheOpUsable() {
        ReadOp read = Bytes.read(1);
        IoKey listener = lab.register(new ScriptedListenerPort(), recorder);
        assertThatIllegalArgumentException().isThrownBy(() -> listener.submit(read));
        assertThat(read.isPending()).isFalse();
        lab.submit(key, read);
        assertThat(read.isPending()).isTrue();
    }
}
