package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R7: inside a completion everything is allowed. */
@EveryTrack
class InsideCallbackTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    InsideCallbackTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theSameOpIsSubmittedAgain() {
        StringBuilder all = new StringBuilder();
        recorder.then((k, op) -> {
            if (op.failure() == null) {
                all.append(Bytes.text(((ReadOp) op).buffer()));
                k.submit(op);
            }
        });
        lab.submit(key, new ReadOp());
        port.input().give("a").give("b").wouldBlock().give("c");
        lab.settle();
        assertThat(all).hasToString("abc");
    }

    @Test
    void theKeyIsClosed() {
        recorder.then((k, op) -> k.close());
        ReadOp first = new ReadOp();
        ReadOp second = new ReadOp();
        lab.submit(key, first);
        lab.submit(key, second);
        port.input().give("a").give("b");
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second);
        assertThat(second.failure()).isNotNull();
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(port.calls("read")).isEqualTo(1);
    }

    @Test
    void anotherKeyIsClosed() {
        Recorder others = new Recorder();
        IoKey other = lab.register(ScriptedStreamPort.connected(), others);
        lab.submit(other, new ReadOp());
        recorder.then((k, op) -> other.close());
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertThat(others.completed).hasSize(1);
        assertThat(others.closed).isEqualTo(1);
        assertThat(key.isClosed()).isFalse();
    }

    @Test
    void aKeyThatIsReadyInTheSameRoundIsClosed() {
        ScriptedStreamPort otherPort = ScriptedStreamPort.connected();
        Recorder others = new Recorder();
        IoKey other = lab.register(otherPort, others);
        lab.submit(key, new ReadOp());
        lab.submit(other, new ReadOp());
        lab.settle();
        recorder.then((k, op) -> other.close());
        others.then((k, op) -> key.close());
        port.input().give("a");
        otherPort.input().give("b");
        lab.settle();
        assertThat(otherPort.calls("read") + port.calls("read")).isEqualTo(1);
        assertThat(others.completed).hasSize(1);
        assertThat(recorder.completed).hasSize(1);
    }

    @Test
    void theQueueIsClosed() throws Exception {
        recorder.then((k, op) -> lab.queue.close());
        lab.submit(key, new ReadOp());
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertThat(lab.queue.awaitClosed(0, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.completed).hasSize(2);
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void anotherSocketIsRegisteredAndUsed() {
        ScriptedStreamPort fresh = ScriptedStreamPort.connected();
        fresh.output().takeAll();
        recorder.then((k, op) -> {
            try {
                lab.queue.register(fresh.socket(), new Recorder()).submit(Bytes.write("hello"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertThat(fresh.writtenText()).isEqualTo("hello");
    }

    @Test
    void anAnswerIsWrittenAtOnce() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().takeAll();
        WriteOp answer = Bytes.write("pong");
        recorder.then((k, op) -> assertThat(k.submit(answer)).isEqualTo(Submission.DONE));
        lab.submit(key, new ReadOp());
        port.input().give("ping");
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("pong");
        assertThat(recorder.completed).hasSize(1);
    }

    @Test
    void anotherOpOfTheKeyIsCancelled() {
        ReadOp first = new ReadOp();
        ReadOp second = new ReadOp();
        recorder.then((k, op) -> k.cancel(second));
        lab.submit(key, first);
        lab.submit(key, second);
        port.input().give("a").give("b");
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second);
        assertThat(second.failure()).isNotNull();
        assertThat(port.calls("read")).isEqualTo(1);
    }
}
