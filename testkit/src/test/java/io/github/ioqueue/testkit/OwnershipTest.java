package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R6: a pending op belongs to the library. */
@EveryTrack
class OwnershipTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    OwnershipTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void submittingAPendingOpThrows() {
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        assertThatIllegalStateException()
                .isThrownBy(() -> lab.submit(key, read))
                .withMessageContaining("R6");
        port.input().give("a");
        lab.settle();
        assertThat(recorder.completed).containsExactly(read);
    }

    @Test
    void submittingItToAnotherKeyThrowsToo() {
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        IoKey other = lab.register(ScriptedStreamPort.connected(), recorder);
        assertThatIllegalStateException()
                .isThrownBy(() -> lab.submit(other, read))
                .withMessageContaining("R6");
    }

    @Test
    void settingAPendingOpThrows() {
        ReadOp read = Bytes.read(1);
        WriteOp write = Bytes.write("a");
        lab.submit(key, read);
        lab.submit(key, write);
        assertThatIllegalStateException()
                .isThrownBy(() -> read.into(Bytes.of("b")))
                .withMessageContaining("R6");
        assertThatIllegalStateException().isThrownBy(read::lend).withMessageContaining("R6");
        assertThatIllegalStateException()
                .isThrownBy(() -> write.buffer(Bytes.of("b")))
                .withMessageContaining("R6");
        assertThatIllegalStateException()
                .isThrownBy(() -> write.alwaysAsync(true))
                .withMessageContaining("R6");
    }

    @Test
    void anOpIsIdleWhenItsCompletionStarts() {
        recorder.then((k, op) -> assertThat(op.isPending()).isFalse());
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertThat(recorder.completed).hasSize(1);
    }

    @Test
    void ofTwoThreadsThatSubmitAnOpTheSecondThrows() throws Exception {
        int rounds = 200;
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < rounds; i++) {
            ReadOp read = Bytes.read(1);
            CyclicBarrier start = new CyclicBarrier(2);
            Runnable submit = () -> {
                try {
                    Lab.here(start::await);
                    key.submit(read);
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("R6");
                    refused.incrementAndGet();
                }
            };
            Thread one = new Thread(submit);
            Thread two = new Thread(submit);
            one.start();
            two.start();
            one.join();
            two.join();
        }
        assertThat(refused).hasValue(rounds);
        port.input().give("a").times(rounds);
        lab.settle();
        assertThat(recorder.completed).hasSize(rounds);
    }

    @Test
    void aFailedOpCanBeUsedAgain() {
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        lab.inLoop(() -> key.cancel(read));
        lab.settle();
        lab.submit(key, read);
        port.input().give("a");
        lab.settle();
        assertThat(read.failure()).isNull();
        assertThat(Bytes.text(read)).isEqualTo("a");
    }
}
