package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing a queue in good order. */
@EveryTrack
class DrainTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    DrainTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void pollUntilClosed() {
        lab.until(lab.queue::isClosing);
    }

    @Test
    void everyKeyIsToldOnceAndClosesByDefault() {
        List<IoKey> told = new ArrayList<>();
        recorder.whenDrained(k -> {
            told.add(k);
            k.drain();
            k.close();
        });
        Recorder plain = new Recorder();
        lab.register(ScriptedStreamPort.connected(), plain);
        CompletableFuture<DrainReport> drained = lab.queue.drain(SECOND);
        pollUntilClosed();
        assertThat(told).containsExactly(key);
        assertThat(plain.closed).isEqualTo(1);
        assertThat(drained.join().isClean()).isTrue();
    }

    @Test
    void whatAKeyIsAtMayBeFinished() {
        recorder.whenDrained(k -> {}).then((k, op) -> k.close());
        ReadOp read = Bytes.read(1);
        lab.submit(key, read);
        CompletableFuture<DrainReport> drained = lab.queue.drain(Duration.ofDays(1));
        lab.queue.poll(0);
        lab.queue.poll(0);
        assertThat(drained).isNotDone();
        port.input().give("a");
        pollUntilClosed();
        assertThat(Bytes.text(read)).isEqualTo("a");
        assertThat(drained.join().isClean()).isTrue();
    }

    @Test
    void whatIsOpenAtTheDeadlineIsCutAndNamed() {
        recorder.whenDrained(k -> {});
        lab.submit(key, new ReadOp());
        CompletableFuture<DrainReport> drained = lab.queue.drain(SECOND);
        pollUntilClosed();
        assertThat(recorder.completed).hasSize(1);
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(drained.join().cut()).hasSize(1).first().asString().contains("key 0", "1 pending");
    }

    @Test
    void aKeyThatComesMeanwhileIsToldToo() {
        recorder.whenDrained(k -> {});
        CompletableFuture<DrainReport> drained = lab.queue.drain(Duration.ofDays(1));
        lab.queue.poll(0);
        Recorder late = new Recorder();
        lab.register(ScriptedStreamPort.connected(), late);
        lab.queue.poll(0);
        lab.queue.poll(0);
        assertThat(late.closed).isEqualTo(1);
        assertThat(drained).isNotDone();
        lab.inLoop(key::close);
        pollUntilClosed();
        assertThat(drained).isDone();
    }

    @Test
    void onClosedMayOpenTheLastKeyOfAll() {
        Recorder last = new Recorder();
        recorder.whenClosed(k -> lab.register(ScriptedStreamPort.connected(), last));
        CompletableFuture<DrainReport> drained = lab.queue.drain(SECOND);
        pollUntilClosed();
        assertThat(last.closed).isEqualTo(1);
        assertThat(drained.join().isClean()).isTrue();
    }

    @Test
    void aHandlerThatThrowsIsCut() {
        RuntimeException thrown = new IllegalStateException("thrown by a test");
        recorder.whenDrained(k -> {
            throw thrown;
        });
        CompletableFuture<DrainReport> drained = lab.queue.drain(SECOND);
        pollUntilClosed();
        assertThat(lab.takeErrors()).containsExactly(thrown);
        assertThat(drained.join().cut()).hasSize(1);
    }

    @Test
    void ofSeveralDrainsTheShortestDeadlineCuts() {
        recorder.whenDrained(k -> {});
        CompletableFuture<DrainReport> patient = lab.queue.drain(Duration.ofDays(1));
        CompletableFuture<DrainReport> hasty = lab.queue.drain(SECOND);
        pollUntilClosed();
        assertThat(patient).isDone();
        assertThat(hasty).isDone();
    }

    @Test
    void aClosedQueueIsDrained() {
        lab.queue.close();
        assertThat(lab.queue.drain(SECOND).join().isClean()).isTrue();
    }

    @Test
    void aQueueWithoutKeysIsClosedAtOnce() {
        lab.inLoop(key::close);
        lab.settle();
        CompletableFuture<DrainReport> drained = lab.queue.drain(Duration.ofDays(1));
        lab.queue.poll(0);
        assertThat(drained).isDone();
    }
}
