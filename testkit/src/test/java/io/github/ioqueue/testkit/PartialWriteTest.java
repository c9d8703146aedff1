package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.spi.Demultiplexer;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A part that the kernel takes is progress of the op and no event. */
@EveryTrack
class PartialWriteTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    PartialWriteTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aWriteTakenByteByByteArrivesWholeAndCompletesOnce() {
        byte[] bytes = Bytes.pattern(5000);
        WriteOp write = new WriteOp(ByteBuffer.wrap(bytes));
        port.output().take(1).forever();
        lab.submit(key, write);
        lab.settle();
        assertThat(port.written()).isEqualTo(bytes);
        assertThat(recorder.completed).containsExactly(write);
        assertThat(write.count()).isEqualTo(5000);
        assertThat(write.buffer().hasRemaining()).isFalse();
    }

    @Test
    void aShortWriteIsPendingAndNotDone() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().take(3);
        WriteOp write = Bytes.write("abcdef");
        assertThat(lab.submit(key, write)).isEqualTo(Submission.PENDING);
        lab.settle();
        assertThat(write.isPending()).isTrue();
        assertThat(port.writtenText()).isEqualTo("abc");
    }

    @Test
    void secondAndThirdWritesWaitBehindTheRestOfTheFirst() {
        port.output().take(2);
        lab.submit(key, Bytes.write("abcd"));
        lab.submit(key, Bytes.write("ef"));
        lab.submit(key, Bytes.write("gh"));
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("ab");
        port.output().take(1).wouldBlock().take(3).wouldBlock().takeAll();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abcdefgh");
        assertThat(recorder.completed).hasSize(3);
    }

    @Test
    void onlyTheRestIsWrittenAgain() {
        port.output().take(2).takeAll();
        lab.submit(key, Bytes.write("abcdef"));
        lab.settle();
        assertThat(port.calls()).endsWith("write 6", "write 4");
    }

    @Test
    void aLoneWriterThatIsNeverBlockedDoesNotTouchTheDemultiplexer() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().takeAll().forever();
        for (int i = 0; i < 100; i++) {
            assertThat(lab.submit(key, Bytes.write("a"))).isEqualTo(Submission.DONE);
        }
        assertThat(port.interests()).isEmpty();
        assertThat(lab.demultiplexer().registrations()).isZero();
    }

    @Test
    void interestInWritingLastsAsLongAsSomethingIsPending() {
        lab.submit(key, Bytes.write("abcd"));
        lab.settle();
        assertThat(port.interests()).containsExactly(Demultiplexer.WRITE);
        port.output().takeAll();
        lab.settle();
        assertThat(port.interests()).containsExactly(Demultiplexer.WRITE, 0);
    }

    @Test
    void aFalseAlarmCostsOneCallAndChangesNothing() {
        WriteOp write = Bytes.write("abcd");
        lab.submit(key, write);
        lab.settle();
        long before = port.calls("write");
        port.ready(Demultiplexer.WRITE);
        lab.settle();
        assertThat(port.calls("write") - before).isEqualTo(1);
        assertThat(write.isPending()).isTrue();
    }

    @Test
    void aPendingWriteCanBeMovedToACopy() {
        ByteBuffer original = Bytes.of("abcdef");
        WriteOp write = new WriteOp(original);
        port.output().take(2);
        lab.submit(key, write);
        lab.settle();
        lab.inLoop(() -> write.moveTo(ByteBuffer.allocateDirect(10)));
        original.clear().put(new byte[6]);
        port.output().takeAll();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abcdef");
        assertThat(write.count()).isEqualTo(6);
    }

    @Test
    void aWriteStartsAtThePositionOfItsBufferAndEndsAtItsLimit() {
        port.output().takeAll();
        WriteOp write = new WriteOp(Bytes.of("xxabcxx").position(2).limit(5));
        lab.submit(key, write);
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abc");
        assertThat(write.buffer().position()).isEqualTo(5);
    }
}
