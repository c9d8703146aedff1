package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.probe.OpKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Held writes, and many writes in one system call. */
@EveryTrack
class HoldTest {

    private final FastTrack track;
    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    HoldTest(FastTrack track, CompletionLedger ledger) {
        this.track = track;
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static WriteOp open(int room) {
        return new WriteOp(ByteBuffer.allocate(room).limit(0));
    }

    /** Fills what is held, as a layer that gathers does. */
    private static void add(WriteOp held, String text) {
        ByteBuffer buffer = held.buffer();
        int end = buffer.limit();
        buffer.limit(end + text.length());
        buffer.put(end, Bytes.of(text), 0, text.length());
    }

    @Test
    void whatIsPutInBetweenHoldAndReleaseGoesOutAtOnce() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().takeAll().forever();
        WriteOp held = open(100);
        lab.inLoop(() -> {
            assertThat(key.hold(held)).isTrue();
            add(held, "a");
            add(held, "bc");
            assertThat(port.calls()).isEmpty();
            assertThat(key.release(held)).isEqualTo(Submission.DONE);
        });
        assertThat(port.calls()).containsExactly("write 3");
        assertThat(port.writtenText()).isEqualTo("abc");
    }

    @Test
    void whatIsSubmittedLaterGoesBehindTheHeldOne() {
        port.output().takeAll().forever();
        WriteOp held = open(100);
        lab.inLoop(() -> {
            key.hold(held);
            key.submit(Bytes.write("later"));
            Lab.elsewhere(() -> key.submit(Bytes.write(" still")));
        });
        lab.settle();
        assertThat(port.written()).isEmpty();
        lab.inLoop(() -> {
            add(held, "first ");
            key.release(held);
        });
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("first later still");
    }

    @Test
    void aHeldWriteWaitsBehindWhatWasBefore() {
        WriteOp before = Bytes.write("1");
        WriteOp held = open(100);
        lab.submit(key, before);
        lab.inLoop(() -> {
            key.hold(held);
            add(held, "2");
            assertThat(key.release(held)).isEqualTo(Submission.PENDING);
        });
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("12");
        assertThat(recorder.completed).containsExactly(before, held);
    }

    @Test
    void aReleasedWriteAndTheOneBehindItGoInOneCall() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().takeAll().forever();
        WriteOp held = open(100);
        WriteOp large = Bytes.write("large");
        lab.inLoop(() -> {
            key.hold(held);
            add(held, "small ");
            key.submit(large);
            assertThat(key.release(held)).isEqualTo(Submission.DONE);
        });
        lab.settle();
        assertThat(port.calls()).containsExactly("gather 11 of 2");
        assertThat(recorder.completed).containsExactly(large);
    }

    @Test
    void aHeldWriteIsCancelledWithItsKey() {
        WriteOp held = open(100);
        WriteOp behind = Bytes.write("b");
        lab.inLoop(() -> {
            key.hold(held);
            key.submit(behind);
            key.close();
        });
        lab.settle();
        assertThat(recorder.completed).containsExactly(held, behind);
        assertThat(held.failure()).isInstanceOf(CancelledException.class);
    }

    @Test
    void releaseAfterCloseAnswersPendingForTheCompletionIsComing() {
        WriteOp held = open(100);
        lab.inLoop(() -> {
            key.hold(held);
            key.close();
            assertThat(key.release(held)).isEqualTo(Submission.PENDING);
        });
        lab.settle();
        assertThat(recorder.completed).containsExactly(held);
    }

    @Test
    void aWriteThatWasHeldWhenItsKeyClosedCanBeUsedAgain() {
        WriteOp held = open(100);
        lab.inLoop(() -> {
            key.hold(held);
            key.close();
        });
        lab.settle();
        ScriptedStreamPort other = ScriptedStreamPort.connected();
        other.output().takeAll();
        held.buffer(Bytes.of("again"));
        lab.submit(lab.register(other, recorder), held);
        lab.settle();
        assertThat(other.writtenText()).isEqualTo("again");
    }

    @Test
    void holdOnAClosedKeyFailsTheOp() {
        WriteOp held = open(100);
        lab.inLoop(() -> {
            key.close();
            assertThat(key.hold(held)).isFalse();
            assertThat(held.isPending()).isFalse();
            assertThat(held.failure()).isNotNull();
        });
    }

    @Test
    void releaseOfNothingIsDoneWithoutACall() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().takeAll();
        WriteOp held = open(100);
        lab.inLoop(() -> {
            key.hold(held);
            assertThat(key.release(held)).isEqualTo(Submission.DONE);
        });
        assertThat(port.calls()).isEmpty();
    }

    @Test
    void aReleaseThatFailsIsDoneAndTheRestFailsAlike() {
        lab.queue.fastTrack(FastTrack.ON);
        IOException failure = new IOException("broken");
        port.output().fail(failure);
        WriteOp held = open(100);
        WriteOp behind = Bytes.write("b");
        lab.inLoop(() -> {
            key.hold(held);
            add(held, "a");
            key.submit(behind);
            assertThat(key.release(held)).isEqualTo(Submission.DONE);
        });
        lab.settle();
        assertThat(held.failure()).isSameAs(failure);
        assertThat(recorder.completed).containsExactly(behind);
        assertThat(behind.failure()).isSameAs(failure);
    }

    // ---- gathering

    @Test
    void sixteenQueuedWritesAreOneSystemCall() {
        List<WriteOp> writes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            writes.add(Bytes.write("0123456789".substring(0, i % 9 + 1)));
            lab.submit(key, writes.get(i));
        }
        lab.settle();
        long before = port.calls("write");
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.calls("gather")).isEqualTo(1);
        assertThat(port.calls("write")).isEqualTo(before);
        assertThat(recorder.completed).containsExactlyElementsOf(writes);
        assertThat(writes).allMatch(write -> write.failure() == null && write.count() > 0);
        assertThat(lab.calls.calls(OpKind.WRITE)).isEqualTo(track == FastTrack.OFF ? 1 : before + 1);
    }

    @Test
    void aGatherThatTakesAPartCompletesExactlyWhatIsWhole() {
        WriteOp first = Bytes.write("abc");
        WriteOp second = Bytes.write("def");
        WriteOp third = Bytes.write("ghi");
        lab.submit(key, first);
        lab.submit(key, second);
        lab.submit(key, third);
        port.output().take(7);
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second);
        assertThat(port.writtenText()).isEqualTo("abcdefg");
        port.output().takeAll();
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second, third);
        assertThat(port.writtenText()).isEqualTo("abcdefghi");
        assertThat(third.count()).isEqualTo(3);
    }

    @Test
    void whatAGatherHasTakenCannotBeCancelled() {
        WriteOp first = Bytes.write("abc");
        WriteOp second = Bytes.write("def");
        lab.submit(key, first);
        lab.submit(key, second);
        port.output().take(4);
        recorder.then((k, op) -> k.cancel(second));
        lab.settle();
        port.output().takeAll();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abcdef");
        assertThat(second.failure()).isNull();
    }

    @Test
    void moreThanOneGatherTakesStandsInTheNext() {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lab.submit(key, Bytes.write(i + ","));
            expected.append(i).append(',');
        }
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo(expected.toString());
        assertThat(port.calls("gather")).isEqualTo(3);
    }

    @Test
    void emptyWritesAmongOthersComplete() {
        for (String text : List.of("", "a", "", "", "b", "")) {
            lab.submit(key, Bytes.write(text));
        }
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("ab");
        assertThat(lab.ledger.owed()).isEmpty();
    }

    @Test
    void whatAGatherHasTakenSucceedsEvenIfItsKeyIsClosedThen() {
        WriteOp first = Bytes.write("abc");
        WriteOp second = Bytes.write("def");
        lab.submit(key, first);
        lab.submit(key, second);
        recorder.then((k, op) -> k.close());
        port.output().takeAll();
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second);
        assertThat(second.failure()).isNull();
    }
}
