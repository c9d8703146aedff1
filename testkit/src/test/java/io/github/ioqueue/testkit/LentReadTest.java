package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.spi.Demultiplexer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads, with a buffer of their own or a lent one. */
@EveryTrack
class LentReadTest {

    private final Lab lab;
    private final List<String> seen = new ArrayList<>();
    private final Recorder recorder = new Recorder().then((k, op) -> {
        if (op instanceof ReadOp read && read.isLending() && read.failure() == null) {
            seen.add(Bytes.text(read.buffer()));
        }
    });
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    LentReadTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aLendingReadIsAlwaysPending() {
        lab.queue.fastTrack(FastTrack.ON);
        port.input().give("abc");
        assertThat(lab.submit(key, new ReadOp())).isEqualTo(Submission.PENDING);
        lab.settle();
        assertThat(seen).containsExactly("abc");
    }

    @Test
    void theLentBufferIsThereInTheCompletionOnly() {
        ReadOp read = new ReadOp();
        assertThatIllegalStateException().isThrownBy(read::buffer);
        port.input().give("abc");
        lab.submit(key, read);
        lab.settle();
        assertThat(read.count()).isEqualTo(3);
        assertThatIllegalStateException().isThrownBy(read::buffer);
    }

    @Test
    void theLentBufferIsDirectAndOfTheQueuesSize() {
        List<ByteBuffer> lent = new ArrayList<>();
        recorder.then((k, op) -> lent.add(((ReadOp) op).buffer().duplicate()));
        port.input().give("abc");
        lab.submit(key, new ReadOp());
        lab.settle();
        assertThat(lent.get(0).isDirect()).isTrue();
        assertThat(lent.get(0).capacity()).isEqualTo(IoQueue.LENT_BYTES);
    }

    @Test
    void theByteOrderOfOneHandlerIsNotThatOfTheNext() {
        List<ByteOrder> orders = new ArrayList<>();
        recorder.then((k, op) -> {
            ReadOp read = (ReadOp) op;
            orders.add(read.buffer().order());
            read.buffer().order(ByteOrder.LITTLE_ENDIAN);
        });
        port.input().give("ab");
        lab.submit(key, new ReadOp());
        lab.settle();
        port.input().give("cd");
        lab.submit(key, new ReadOp());
        lab.settle();
        assertThat(orders).containsExactly(ByteOrder.BIG_ENDIAN, ByteOrder.BIG_ENDIAN);
        lab.inLoop(() -> {
            ByteBuffer pooled = lab.queue.buffers().acquire(100);
            lab.queue.buffers().release(pooled.order(ByteOrder.LITTLE_ENDIAN));
            assertThat(lab.queue.buffers().acquire(100).order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        });
    }

    @Test
    void theBytesStandBehindThePrefix() {
        ByteBuffer prefix = Bytes.of("head:");
        ReadOp read = new ReadOp();
        read.lend(prefix);
        port.input().give("body");
        lab.submit(key, read);
        lab.settle();
        assertThat(seen).containsExactly("head:body");
        assertThat(read.count()).isEqualTo(4);
        assertThat(prefix.remaining()).isEqualTo(5);
    }

    @Test
    void atTheEndOfTheStreamThePrefixIsAllThereIs() {
        ReadOp read = new ReadOp();
        read.lend(Bytes.of("rest"));
        port.input().end();
        lab.submit(key, read);
        lab.settle();
        assertThat(read.isEnd()).isTrue();
        assertThat(seen).containsExactly("rest");
    }

    @Test
    void aPrefixOfMoreThanHalfTheBufferIsMisuse() {
        ReadOp read = new ReadOp();
        read.lend(ByteBuffer.allocate(IoQueue.LENT_BYTES / 2 + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key.submit(read))
                .withMessageContaining("R1")
                .withMessageContaining("prefix");
    }

    @Test
    void twoKeysThatAreReadyTogetherEachSeeTheirOwnBytes() {
        ScriptedStreamPort other = ScriptedStreamPort.connected();
        IoKey otherKey = lab.register(other, recorder);
        lab.submit(key, new ReadOp());
        lab.submit(otherKey, new ReadOp());
        lab.settle();
        port.input().give("from one");
        other.input().give("other");
        lab.settle();
        assertThat(seen).containsExactlyInAnyOrder("from one", "other");
    }

    @Test
    void readingGoesOnInTheSameRoundOnlyWhenTheBufferWasFilled() {
        port.input().give("abcd").give("ef").wouldBlock();
        lab.queue.fastTrack(FastTrack.OFF);
        lab.submit(key, Bytes.read(4));
        lab.submit(key, Bytes.read(4));
        lab.submit(key, Bytes.read(4));
        lab.queue.poll(0);
        lab.queue.poll(0);
        assertThat(recorder.completed).hasSize(2);
        assertThat(port.calls("read")).isLessThanOrEqualTo(3);
    }

    @Test
    void anIdleReaderIsOneInterestInReading() {
        lab.submit(key, new ReadOp());
        lab.settle();
        assertThat(port.interests()).containsExactly(Demultiplexer.READ);
    }

    @Test
    void aReaderThatReadsOnAndOnDoesNotChangeItsInterest() {
        recorder.then((k, op) -> {
            if (op.failure() == null) {
                k.submit(op);
            }
        });
        lab.submit(key, new ReadOp());
        for (int i = 0; i < 20; i++) {
            port.input().give("abc");
            lab.settle();
        }
        assertThat(port.interests()).containsExactly(Demultiplexer.READ);
        assertThat(recorder.completed).hasSize(20);
    }

    @Test
    void theEndIsFoundAgainAndAgain() {
        port.input().give("a").end();
        for (int i = 0; i < 3; i++) {
            ReadOp read = Bytes.read(10);
            lab.submit(key, read);
            lab.settle();
            assertThat(read.isEnd()).isEqualTo(i > 0);
            assertThat(read.failure()).isNull();
        }
    }

    @Test
    void aReadIntoABufferStartsAtItsPosition() {
        ByteBuffer buffer = ByteBuffer.allocate(10).put((byte) 'x');
        port.input().give("abc");
        lab.submit(key, new ReadOp(buffer));
        lab.settle();
        assertThat(Bytes.text(buffer.flip())).isEqualTo("xabc");
    }

    @Test
    void anOpMayBeTurnedFromLendingToItsOwnBufferAndBack() {
        ReadOp read = new ReadOp();
        read.into(ByteBuffer.allocate(3));
        assertThat(read.isLending()).isFalse();
        read.lend();
        assertThat(read.isLending()).isTrue();
        port.input().give("abc");
        lab.submit(key, read);
        lab.settle();
        assertThat(seen).containsExactly("abc");
    }
}
