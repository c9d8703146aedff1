package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R8: what close and cancel do. */
@EveryTrack
class CloseTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    CloseTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    // ---- cancel

    @Test
    void aCancelledReadCompletesAsCancelled() {
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        lab.inLoop(() -> key.cancel(read));
        lab.settle();
        assertThat(recorder.completed).containsExactly(read);
        assertThat(read.failure()).isInstanceOf(CancelledException.class);
        assertThat(key.isClosed()).isFalse();
    }

    @Test
    void cancelledMeansTheCauseThatTheCallerGave() {
        IOException cause = new IOException("had enough");
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        Lab.elsewhere(() -> key.cancel(read, cause));
        lab.settle();
        assertThat(read.failure()).isSameAs(cause);
    }

    @Test
    void aWriteBehindAnotherIsCancelledAndItsBytesNeverGoOut() {
        WriteOp first = Bytes.write("a");
        WriteOp second = Bytes.write("b");
        WriteOp third = Bytes.write("c");
        lab.submit(key, first);
        lab.submit(key, second);
        lab.submit(key, third);
        lab.inLoop(() -> key.cancel(second));
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("ac");
        assertThat(second.failure()).isInstanceOf(CancelledException.class);
        assertThat(third.failure()).isNull();
    }

    @Test
    void aWriteOfWhichBytesHaveLeftIsNotCancelled() {
        WriteOp write = Bytes.write("abcd");
        port.output().take(1).wouldBlock();
        lab.submit(key, write);
        lab.settle();
        lab.inLoop(() -> key.cancel(write));
        lab.settle();
        assertThat(write.isPending()).isTrue();
        port.output().takeAll();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abcd");
        assertThat(write.failure()).isNull();
    }

    @Test
    void cancelOfAnIdleOpDoesNothing() {
        ReadOp read = Bytes.read(1);
        lab.inLoop(() -> key.cancel(read));
        Lab.elsewhere(() -> key.cancel(read));
        lab.submit(key, read);
        lab.settle();
        assertThat(read.isPending()).isTrue();
    }

    @Test
    void cancelThroughAnotherKeyDoesNothing() {
        IoKey other = lab.register(ScriptedStreamPort.connected(), new Recorder());
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        lab.inLoop(() -> other.cancel(read));
        lab.settle();
        assertThat(read.isPending()).isTrue();
    }

    @Test
    void aCancelThatComesTooLateDoesNotHitTheNextSubmission() {
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        recorder.then((k, op) -> {
            if (recorder.completed.size() == 1) {
                read.buffer().clear();
                k.submit(op);
            }
        });
        lab.inLoop(() -> {
            Lab.elsewhere(() -> key.cancel(read)); // asked for now, done in the next round
            key.cancel(read);
        });
        lab.settle();
        assertThat(recorder.completed).hasSize(1);
        assertThat(read.isPending()).isTrue();
    }

    @Test
    void theHeadCancelledTheNextGoesOn() {
        WriteOp first = Bytes.write("a");
        WriteOp second = Bytes.write("b");
        lab.submit(key, first);
        lab.submit(key, second);
        lab.settle();
        lab.inLoop(() -> key.cancel(first));
        port.output().takeAll();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("b");
        assertThat(recorder.completed).containsExactly(first, second);
    }

    // ---- close

    @Test
    void onClosedComesOnceAndLast() {
        List<String> story = new ArrayList<>();
        recorder.then((k, op) -> story.add("completion")).whenClosed(k -> story.add("closed"));
        lab.submit(key, new ReadOp());
        lab.submit(key, Bytes.write("a"));
        lab.inLoop(() -> {
            key.close();
            key.close();
        });
        Lab.elsewhere(key::close);
        lab.settle();
        assertThat(story).containsExactly("completion", "completion", "closed");
    }

    @Test
    void theSocketIsGivenBackBeforeOnClosed() {
        List<Boolean> given = new ArrayList<>();
        recorder.whenClosed(k -> given.add(port.isClosed()));
        lab.inLoop(key::close);
        lab.settle();
        assertThat(given).containsExactly(true);
        assertThat(lab.demultiplexer().registrations()).isZero();
    }

    @Test
    void aPartialWriteTellsHowMuchHasLeftWhenTheKeyIsClosed() {
        WriteOp write = Bytes.write("abcd");
        port.output().take(3).wouldBlock();
        lab.submit(key, write);
        lab.settle();
        lab.inLoop(key::close);
        lab.settle();
        assertThat(write.failure()).isInstanceOf(CancelledException.class);
        assertThat(write.count()).isEqualTo(3);
    }

    @Test
    void theFirstCauseWins() {
        IOException failure = new IOException("broken");
        List<WriteOp> writes = List.of(Bytes.write("a"), Bytes.write("b"), Bytes.write("c"));
        writes.forEach(write -> lab.submit(key, write));
        recorder.then((k, op) -> k.close());
        port.output().fail(failure);
        lab.settle();
        assertThat(recorder.completed).containsExactlyElementsOf(writes);
        assertThat(writes).allMatch(write -> write.failure() == failure);
    }

    @Test
    void aFailureAfterCloseDoesNotReplaceItsCause() {
        List<IoOp> reads = List.of(new ReadOp(), new ReadOp());
        reads.forEach(read -> lab.submit(key, read));
        lab.inLoop(() -> {
            key.close();
            port.input().reset();
        });
        lab.settle();
        assertThat(reads).allMatch(read -> read.failure() instanceof CancelledException);
    }

    @Test
    void aKeyClosedInTheCallbackOfItsFailureStillTellsTheFailureToItsOtherDirection() {
        ReadOp read = new ReadOp();
        WriteOp write = Bytes.write("a");
        recorder.then((k, op) -> k.close());
        lab.submit(key, read);
        lab.submit(key, write);
        port.input().reset();
        lab.settle();
        assertThat(recorder.completed).containsExactly(read, write);
        assertThat(write.failure()).isInstanceOf(CancelledException.class);
    }

    @Test
    void aKeyClosedBeforeTheLoopEverSawItIsClosedProperly() {
        ScriptedStreamPort fresh = ScriptedStreamPort.connected();
        Recorder other = new Recorder();
        lab.inLoop(() -> lab.queue.register(fresh.socket(), other).close());
        lab.settle();
        assertThat(other.closed).isEqualTo(1);
        assertThat(fresh.isClosed()).isTrue();
    }

    @Test
    void closedIsSeenAtOnceByEveryThread() {
        assertThat(key.isClosed()).isFalse();
        Lab.elsewhere(() -> {
            key.close();
            assertThat(key.isClosed()).isTrue();
            assertThat(key.submit(Bytes.write("a"))).isNotNull();
        });
        lab.settle();
        assertThat(port.written()).isEmpty();
    }
}
