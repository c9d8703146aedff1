package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R10: no key gets more than a burst of rounds per poll. */
@EveryTrack
class FairnessTest {

    private static final int BURST = 8;

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    FairnessTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger, config -> config.burst(BURST));
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** A reader that reads on for ever, on a socket that always has something. */
    private void flood() {
        recorder.then((k, op) -> readOn(k, (ReadOp) op));
        port.input().give("x").forever();
        lab.inLoop(() -> readOn(key, Bytes.read(1)));
    }

    private static void readOn(IoKey key, ReadOp read) {
        do {
            if (read.failure() != null) {
                return;
            }
            read.buffer().clear();
        } while (key.submit(read) == Submission.DONE);
    }

    @Test
    void aFloodedKeyGetsOneBurstPerPoll() {
        flood();
        for (int i = 0; i < 10; i++) {
            long before = port.calls("read");
            lab.queue.poll(0);
            assertThat(port.calls("read") - before).isBetween(1L, (long) BURST);
        }
    }

    @Test
    void aFloodDoesNotStarveAnotherKey() {
        flood();
        ScriptedStreamPort quietPort = ScriptedStreamPort.connected();
        Recorder quiet = new Recorder();
        IoKey other = lab.register(quietPort, quiet);
        lab.submit(other, new ReadOp());
        lab.queue.poll(0);
        quietPort.input().give("at last");
        lab.queue.poll(0);
        assertThat(quiet.completed).hasSize(1);
    }

    @Test
    void aFloodDoesNotStarveTimersAndTasks() {
        flood();
        int[] ran = new int[2];
        lab.queue.schedule(10, () -> ran[0]++);
        lab.queue.execute(() -> ran[1]++);
        lab.queue.poll(0);
        lab.clock().advance(10);
        lab.queue.poll(0);
        assertThat(ran).containsExactly(1, 1);
    }

    @Test
    void submitAnswersPendingUntriedWhenTheBurstIsSpent() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().takeAll().forever();
        lab.inLoop(() -> {
            for (int i = 0; i < BURST; i++) {
                assertThat(key.submit(Bytes.write("a"))).isEqualTo(Submission.DONE);
            }
            assertThat(key.submit(Bytes.write("b"))).isEqualTo(Submission.PENDING);
            assertThat(port.writtenText()).isEqualTo("a".repeat(BURST));
        });
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("a".repeat(BURST) + "b");
    }

    @Test
    void theBurstIsOneForBothDirections() {
        lab.queue.fastTrack(FastTrack.ON);
        port.output().takeAll().forever();
        port.input().give("x").forever();
        lab.inLoop(() -> {
            for (int i = 0; i < BURST / 2; i++) {
                assertThat(key.submit(Bytes.write("a"))).isEqualTo(Submission.DONE);
                assertThat(key.submit(Bytes.read(1))).isEqualTo(Submission.DONE);
            }
            assertThat(key.submit(Bytes.read(1))).isEqualTo(Submission.PENDING);
        });
    }

    @Test
    void manyQueuedWritesGoOutBurstByBurst() {
        // Of one byte each time, so that gathering does not take them together.
        port.output().take(1).forever();
        lab.inLoop(() -> key.submit(new WriteOp(Bytes.of("y".repeat(5 * BURST)))));
        int polls = 0;
        while (port.written().length < 5 * BURST) {
            int before = port.written().length;
            lab.queue.poll(0);
            assertThat(port.written().length - before).isLessThanOrEqualTo(BURST);
            polls++;
        }
        assertThat(polls).isGreaterThanOrEqualTo(4);
    }

    @Test
    void tasksThatTasksBringWaitForTheNextRound() {
        int[] ran = new int[1];
        lab.queue.execute(new Runnable() {
            @Override
            public void run() {
                if (++ran[0] < 10) {
                    lab.queue.execute(this);
                }
            }
        });
        lab.queue.poll(0);
        assertThat(ran).containsExactly(1);
        lab.queue.poll(0);
        assertThat(ran).containsExactly(2);
        lab.settle();
    }

    @Test
    void aTimerThatArmsItselfForNowWaitsForTheNextRound() {
        int[] ran = new int[1];
        lab.queue.schedule(0, new Runnable() {
            @Override
            public void run() {
                if (++ran[0] < 1000) {
                    lab.queue.schedule(0, this);
                }
            }
        });
        lab.queue.poll(0);
        lab.queue.poll(0);
        assertThat(ran[0]).isLessThanOrEqualTo(2);
    }

    @Test
    void aKeyWithItsBurstSpentDoesNotLetTheLoopSleep() {
        flood();
        lab.queue.poll(0);
        int waits = lab.demultiplexer().waits().size();
        lab.queue.poll(1_000_000);
        assertThat(port.calls("read")).isGreaterThan(BURST);
        assertThat(lab.demultiplexer().waits()).hasSize(waits + 1);
    }
}
