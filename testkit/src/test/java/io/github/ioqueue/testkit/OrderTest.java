package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R3: first in, first out, per key and direction. */
@EveryTrack
class OrderTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    OrderTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void writesOfOneThreadReachTheWireInTheirOrder() {
        port.output()
                .take(1)
                .times(3)
                .wouldBlock()
                .take(2)
                .times(5)
                .wouldBlock()
                .takeAll()
                .forever();
        StringBuilder expected = new StringBuilder();
        lab.inLoop(() -> {
            for (int i = 0; i < 50; i++) {
                key.submit(Bytes.write(i + ";"));
                expected.append(i).append(';');
            }
        });
        lab.settle();
        assertThat(port.writtenText()).isEqualTo(expected.toString());
    }

    @Test
    void aWriteOfTheLoopGoesBehindOneOfAnotherThreadThatCameBefore() {
        lab.inLoop(() -> {
            Lab.elsewhere(() -> key.submit(Bytes.write("1")));
            key.submit(Bytes.write("2"));
            Lab.elsewhere(() -> key.submit(Bytes.write("3")));
            key.submit(Bytes.write("4"));
        });
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("1234");
    }

    @Test
    void aWriteOfAnotherThreadGoesBehindAPartialOneOfTheLoop() {
        port.output().take(2);
        lab.submit(key, Bytes.write("abcd"));
        Lab.elsewhere(() -> key.submit(Bytes.write("ef")));
        lab.settle();
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abcdef");
    }

    @Test
    void writesOfManyThreadsKeepTheOrderOfEach() throws Exception {
        int writers = 4;
        int each = 500;
        port.output().take(3).forever();
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            char name = (char) ('a' + w);
            threads.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    key.submit(Bytes.write(name + "" + i + ";"));
                }
            }));
        }
        threads.forEach(Thread::start);
        lab.until(() -> port.writtenText().chars().filter(c -> c == ';').count() == (long) writers * each);
        for (Thread thread : threads) {
            thread.join();
        }
        int[] next = new int[writers];
        for (String piece : lines(port.writtenText())) {
            assertThat(piece.substring(1)).isEqualTo(String.valueOf(next[piece.charAt(0) - 'a']++));
        }
        assertThat(next).containsOnly(each);
        lab.until(() -> lab.ledger.owed().isEmpty());
    }

    private static List<String> lines(String text) {
        return Pattern.compile(";").splitAsStream(text).toList();
    }

    @Test
    void readsAreFilledInTheirOrder() {
        ReadOp first = Bytes.read(2);
        ReadOp second = Bytes.read(2);
        ReadOp third = Bytes.read(2);
        lab.submit(key, first);
        lab.submit(key, second);
        lab.submit(key, third);
        port.input().give("abcdef");
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second, third);
        assertThat(Bytes.text(first) + Bytes.text(second) + Bytes.text(third)).isEqualTo("abcdef");
    }

    @Test
    void afterAFailedWriteTheRestFailsWithTheSameCauseAndNothingGoesOut() {
        IOException failure = new IOException("broken");
        List<WriteOp> writes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            WriteOp write = Bytes.write("ab");
            lab.submit(key, write);
            writes.add(write);
        }
        port.output().take(3).fail(failure).takeAll().forever();
        lab.settle();
        assertThat(recorder.completed).containsExactlyElementsOf(writes);
        assertThat(port.writtenText()).isEqualTo("aba");
        assertThat(writes.get(0).failure()).isNull();
        assertThat(writes.subList(1, 4)).allMatch(write -> write.failure() == failure);
        assertThat(writes.get(1).count()).isEqualTo(1);
    }

    @Test
    void aWriteSubmittedAfterAFailedOneFailsWithTheSameCause() {
        IOException failure = new IOException("broken");
        port.output().fail(failure).takeAll();
        lab.submit(key, Bytes.write("a"));
        lab.settle();
        WriteOp late = Bytes.write("b");
        assertThat(lab.submit(key, late)).isEqualTo(Submission.DONE);
        assertThat(late.failure()).isSameAs(failure);
        assertThat(port.writtenText()).isEmpty();
    }

    @Test
    void aFailedWriteLeavesReadingAlone() {
        ReadOp read = Bytes.read(3);
        lab.submit(key, read);
        port.output().fail(new IOException("broken"));
        lab.submit(key, Bytes.write("a"));
        lab.settle();
        port.input().give("abc");
        lab.settle();
        assertThat(Bytes.text(read)).isEqualTo("abc");
        assertThat(read.failure()).isNull();
    }

    @Test
    void writesBehindACancelledConnectCompleteAfterIt() {
        IoKey fresh = lab.register(ScriptedStreamPort.unconnected(), recorder);
        ConnectOp connect = new ConnectOp(Bytes.SOMEWHERE);
        WriteOp write = Bytes.write("a");
        lab.submit(fresh, connect);
        lab.submit(fresh, write);
        lab.inLoop(() -> fresh.cancel(connect));
        lab.settle();
        assertThat(recorder.completed).containsExactly(connect, write);
    }

    @Test
    void aCompletionThatIsOwedIsNotOvertaken() {
        WriteOp cancelled = Bytes.write("a");
        WriteOp next = Bytes.write("b");
        lab.submit(key, cancelled);
        lab.inLoop(() -> {
            port.output().takeAll().forever();
            key.cancel(cancelled);
            assertThat(key.submit(next)).isEqualTo(Submission.PENDING);
        });
        lab.settle();
        assertThat(recorder.completed).containsExactly(cancelled, next);
        assertThat(port.writtenText()).isEqualTo("b");
    }
}
