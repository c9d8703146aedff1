package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R5: no completion runs inside a submit, cancel or close, so a million in a row need no more stack than one. */
@EveryTrack
class NoCallbackInsideTest {

    private static final int MILLION = 1_000_000;

    private final Lab lab;
    private boolean inside;
    private final Recorder recorder =
            new Recorder().then((key, op) -> assertOutside()).whenClosed(key -> assertOutside());
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    NoCallbackInsideTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void assertOutside() {
        assertThat(inside).as("callback inside a call").isFalse();
    }

    private void watched(Lab.ThrowingRunnable call) throws Exception {
        inside = true;
        call.run();
        inside = false;
    }

    @Test
    void noneInsideSubmit() {
        port.input().give("a").wouldBlock().give("b");
        port.output().takeAll().forever();
        lab.inLoop(() -> watched(() -> {
            key.submit(new ReadOp());
            key.submit(Bytes.read(1));
            key.submit(Bytes.write("a"));
            key.submit(Bytes.write("b"));
        }));
        lab.settle();
    }

    @Test
    void noneInsideASubmitThatFails() {
        port.output().wouldBlock().fail(new IOException("broken"));
        lab.inLoop(() -> watched(() -> {
            key.submit(Bytes.write("a"));
            key.submit(Bytes.write("b"));
        }));
        lab.settle();
    }

    @Test
    void noneInsideCancel() {
        ReadOp read = new ReadOp();
        lab.submit(key, read);
        lab.inLoop(() -> watched(() -> key.cancel(read)));
        assertThat(recorder.completed).containsExactly(read);
    }

    @Test
    void noneInsideTheCancelOfAConnect() {
        IoKey fresh = lab.register(ScriptedStreamPort.unconnected(), recorder);
        ConnectOp connect = new ConnectOp(Bytes.SOMEWHERE);
        lab.submit(fresh, connect);
        lab.submit(fresh, new ReadOp());
        lab.inLoop(() -> watched(() -> fresh.cancel(connect)));
        lab.settle();
        assertThat(recorder.completed).hasSize(2);
    }

    @Test
    void noneInsideClose() {
        lab.submit(key, new ReadOp());
        lab.submit(key, Bytes.write("a"));
        lab.inLoop(() -> watched(key::close));
        lab.settle();
        assertThat(recorder.completed).hasSize(2);
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void noneInsideCallsMadeByACallback() {
        recorder.then((k, op) -> {
            assertOutside();
            inside = true;
            k.submit(new ReadOp());
            k.submit(Bytes.write("a"));
            k.cancel(op);
            k.close();
            inside = false;
        });
        lab.submit(key, new ReadOp());
        lab.submit(key, new ReadOp());
        port.input().give("a").forever();
        port.output().takeAll().forever();
        lab.settle();
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void aMillionImmediateCompletionsNeedConstantStack() {
        ScriptedStreamPort busy = ScriptedStreamPort.connected();
        busy.output().takeAll().forever();
        Relentless handler = new Relentless();
        IoKey writer = Lab.here(() -> lab.queue.register(busy.socket(), handler));
        lab.inLoop(() -> handler.onWriteComplete(writer, Bytes.write("a")));
        while (handler.written < MILLION) {
            lab.queue.poll(0);
        }
        assertThat(handler.deepest).isBetween(1, handler.shallowest + 20);
    }

    /** Submits the same op again in each of its completions, and within them as long as it is done at once. */
    private static final class Relentless implements IoHandler {
        int written;
        int deepest;
        int shallowest = Integer.MAX_VALUE;

        @Override
        public void onWriteComplete(IoKey key, WriteOp op) {
            if (written % 50_000 < 32) {
                int depth = StackWalker.getInstance().walk(Stream::count).intValue();
                deepest = Math.max(deepest, depth);
                shallowest = Math.min(shallowest, depth);
            }
            do {
                op.buffer().rewind();
            } while (written++ < MILLION && key.submit(op) == Submission.DONE);
        }
    }
}
