package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R4: one thread polls at a time, and callbacks run on it. */
@EveryTrack
class PollerTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    PollerTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aSecondPollerIsRefused() throws Exception {
        CountDownLatch polling = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        lab.queue.execute(() -> Lab.here(() -> {
            polling.countDown();
            refused.await();
            return null;
        }));
        Thread poller = new Thread(() -> lab.queue.poll(Long.MAX_VALUE));
        poller.start();
        polling.await();
        assertThatIllegalStateException()
                .isThrownBy(() -> lab.queue.poll(0))
                .withMessageContaining("R4")
                .withMessageContaining("another thread");
        refused.countDown();
        poller.join();
    }

    @Test
    void theRoleOfThePollerMovesFromThreadToThread() {
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        port.input().give("a");
        Lab.elsewhere(lab::settle);
        assertThat(recorder.completed).containsExactly(read);
        assertThat(lab.submit(key, Bytes.read(1))).isNotNull();
    }

    @Test
    void pollingInsideACallbackIsRefused() {
        List<Throwable> refused = new ArrayList<>();
        recorder.then((k, op) -> assertThatIllegalStateException()
                .isThrownBy(() -> lab.queue.poll(0))
                .withMessageContaining("R4")
                .satisfies(refused::add));
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertThat(refused).hasSize(1);
    }

    @Test
    void completionsOfOpsOfOtherThreadsRunOnThePollingThread() {
        List<Thread> threads = new ArrayList<>();
        recorder.then((k, op) -> threads.add(Thread.currentThread()));
        port.input().give("a");
        port.output().takeAll();
        Lab.elsewhere(() -> {
            key.submit(new ReadOp());
            WriteOp write = Bytes.write("b");
            write.alwaysAsync(true);
            key.submit(write);
            assertThat(threads).isEmpty();
        });
        lab.settle();
        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void onlyThePollingThreadInsideATurnIsInTheLoop() {
        assertThat(lab.queue.inLoop()).isFalse();
        lab.inLoop(() -> {
            assertThat(lab.queue.inLoop()).isTrue();
            Lab.elsewhere(() -> assertThat(lab.queue.inLoop()).isFalse());
        });
    }

    @Test
    void aNegativeTimeoutIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> lab.queue.poll(-1));
    }

    @Test
    void verbsOfThePollingThreadAreRefusedElsewhere() {
        assertThatIllegalStateException().isThrownBy(() -> key.hold(Bytes.write("a")));
        assertThatIllegalStateException().isThrownBy(() -> key.release(Bytes.write("a")));
        assertThatIllegalStateException().isThrownBy(() -> lab.queue.atTurnEnd(() -> {}));
        assertThatIllegalStateException().isThrownBy(lab.queue::dump);
    }

    @Test
    void pollSaysHowManyTurnsRan() {
        lab.settle();
        lab.queue.execute(() -> {});
        lab.queue.execute(() -> {});
        lab.queue.schedule(0, () -> {});
        lab.queue.poll(0);
        assertThat(lab.queue.poll(0)).isLessThanOrEqualTo(1);
        assertThat(lab.queue.poll(0)).isZero();
    }
}
