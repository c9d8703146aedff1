package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WaitEnd;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.probe.QueueCounters;
import io.github.ioqueue.probe.QueueCounters.Snapshot;
import io.github.ioqueue.probe.SlowCallbacks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The probes that see inside, by exact numbers. */
@Timeout(60)
@ExtendWith(LedgerExtension.class)
class CountersTest {

    private final QueueCounters counters = new QueueCounters();
    private final List<String> slow = new ArrayList<>();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final Recorder recorder = new Recorder();
    private Lab lab;
    private IoKey key;

    @BeforeEach
    void open(CompletionLedger ledger) {
        lab = Lab.probed(ledger, counters, new SlowCallbacks(Duration.ZERO, slow::add));
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void everyOutcomeIsCountedByItsKind() {
        port.output().takeAll().take(3).wouldBlock();
        port.input().give("four");
        WriteOp rest = new WriteOp(ByteBuffer.allocate(8));
        lab.submit(key, new WriteOp(ByteBuffer.allocate(10)));
        lab.submit(key, rest);
        lab.submit(key, new ReadOp(ByteBuffer.allocate(100)));
        ReadOp waiting = new ReadOp();
        lab.submit(key, waiting);
        Snapshot now = counters.snapshot();
        assertThat(now.openKeys()).isEqualTo(1);
        assertThat(now.immediate()).containsEntry(OpKind.WRITE, 1L).containsEntry(OpKind.READ, 1L);
        assertThat(now.inside()).containsEntry(OpKind.WRITE, 1L).containsEntry(OpKind.READ, 1L);
        assertThat(now.bytesIn()).isEqualTo(4);
        assertThat(now.bytesOut()).isEqualTo(10);
        lab.inLoop(key::close);
        lab.until(() -> recorder.closed == 1);
        Snapshot end = counters.snapshot();
        assertThat(end.openKeys()).isZero();
        assertThat(end.cancelled()).containsEntry(OpKind.WRITE, 1L).containsEntry(OpKind.READ, 1L);
        assertThat(end.pending()).containsEntry(OpKind.WRITE, 1L).containsEntry(OpKind.READ, 1L);
        assertThat(end.inside().values()).containsOnly(0L);
        assertThat(end.bytesOut()).isEqualTo(13);
        assertThat(end.callbacks()).isEqualTo(3);
        assertThat(end.callbackNanos()).isGreaterThanOrEqualTo(end.longestCallbackNanos());
        assertThat(end.waits().get(WaitEnd.READY)).isPositive();
        assertThat(end.waits().get(WaitEnd.LOOKED)).isPositive();
        assertThat(end.systemCalls()).isGreaterThan(end.unfinishedCalls());
    }

    @Test
    void waitsAreCountedByWhatEndedThem() {
        lab.settle();
        Map<WaitEnd, Long> before = counters.snapshot().waits();
        lab.queue.poll(0);
        lab.queue.poll(1_000);
        lab.queue.poll(Long.MAX_VALUE); // the script returns at once, as a system would that spins
        port.input().give("x");
        lab.submit(key, new ReadOp());
        Map<WaitEnd, Long> now = counters.snapshot().waits();
        assertThat(now.get(WaitEnd.TIMEOUT) - before.get(WaitEnd.TIMEOUT)).isEqualTo(1);
        assertThat(now.get(WaitEnd.EARLY) - before.get(WaitEnd.EARLY)).isEqualTo(1);
        assertThat(now.get(WaitEnd.LOOKED) - before.get(WaitEnd.LOOKED)).isGreaterThanOrEqualTo(1);
        assertThat(now.get(WaitEnd.WOKEN)).isEqualTo(before.get(WaitEnd.WOKEN));
    }

    @Test
    void whoIsWokenOrInterruptedIsCountedSo() throws Exception {
        lab.demultiplexer().blocking(true);
        Thread poller = new Thread(() -> {
            while (!lab.queue.isClosing()) {
                lab.queue.poll(Long.MAX_VALUE);
            }
        });
        poller.start();
        while (counters.snapshot().waits().get(WaitEnd.WOKEN) == 0) {
            lab.queue.execute(() -> {});
            Thread.onSpinWait();
        }
        while (counters.snapshot().waits().get(WaitEnd.INTERRUPTED) == 0) {
            poller.interrupt();
            Thread.onSpinWait();
        }
        lab.queue.close();
        poller.join();
        assertThat(counters.snapshot().waits().get(WaitEnd.EARLY)).isZero();
    }

    @Test
    void aCallbackBeyondTheBudgetIsToldWithItsKey() {
        port.input().give("x");
        ReadOp read = new ReadOp();
        lab.submit(key, read);
        lab.until(() -> !read.isPending());
        assertThat(slow).hasSize(1);
        assertThat(slow.get(0)).startsWith("callback for READ took").contains("key 0");
    }
}
