package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoTimer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Timers, on a clock that is moved by hand. */
@ExtendWith(LedgerExtension.class)
class TimerTest {

    private Lab lab;
    private final List<String> ran = new ArrayList<>();

    @BeforeEach
    void open(CompletionLedger ledger) {
        lab = Lab.scripted(FastTrack.ON, ledger);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Runnable note(String text) {
        return () -> ran.add(text);
    }

    @Test
    void aTimerRunsWhenItsTimeHasComeAndNotBefore() {
        lab.inLoop(() -> lab.queue.schedule(100, note("a")));
        lab.clock().advance(99);
        lab.queue.poll(0);
        assertThat(ran).isEmpty();
        lab.clock().advance(1);
        lab.queue.poll(0);
        assertThat(ran).containsExactly("a");
        lab.clock().advance(1000);
        lab.queue.poll(0);
        assertThat(ran).hasSize(1);
    }

    @Test
    void timersRunInTheOrderOfTheirTimes() {
        lab.inLoop(() -> {
            lab.queue.schedule(30, note("c"));
            lab.queue.schedule(10, note("a"));
            lab.queue.schedule(20, note("b"));
        });
        lab.clock().advance(30);
        lab.queue.poll(0);
        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void timersOfTheSameTimeRunInTheOrderTheyWereArmed() {
        List<String> expected = new ArrayList<>();
        lab.inLoop(() -> {
            for (int i = 0; i < 20; i++) {
                lab.queue.schedule(10, note("t" + i));
                expected.add("t" + i);
            }
        });
        lab.clock().advance(10);
        lab.queue.poll(0);
        assertThat(ran).containsExactlyElementsOf(expected);
    }

    @Test
    void theWaitEndsWithTheNextTimer() {
        lab.inLoop(() -> {
            lab.queue.schedule(5_000, note("b"));
            lab.queue.schedule(3_000, note("a"));
        });
        lab.queue.poll(Long.MAX_VALUE); // the wait moves the clock
        lab.queue.poll(0);
        assertThat(ran).containsExactly("a");
        assertThat(lab.demultiplexer().waits()).contains(3_000L).doesNotContain(5_000L);
    }

    @Test
    void theWaitIsNotLongerThanItsTimeout() {
        lab.inLoop(() -> lab.queue.schedule(5_000, note("a")));
        lab.queue.poll(70);
        assertThat(lab.demultiplexer().waits()).endsWith(70L);
    }

    @Test
    void withoutTimersTheWaitHasNoLimit() {
        lab.settle();
        lab.queue.poll(Long.MAX_VALUE);
        assertThat(lab.demultiplexer().waits()).endsWith(Long.MAX_VALUE);
    }

    @Test
    void aTimerArmedAgainMoves() {
        IoTimer timer = lab.queue.timer(note("a"));
        lab.inLoop(() -> timer.arm(10));
        lab.inLoop(() -> timer.arm(50));
        lab.clock().advance(10);
        lab.queue.poll(0);
        assertThat(ran).isEmpty();
        lab.inLoop(() -> timer.arm(5));
        lab.clock().advance(5);
        lab.queue.poll(0);
        assertThat(ran).containsExactly("a");
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        IoTimer timer = lab.queue.timer(note("a"));
        lab.inLoop(() -> timer.arm(10));
        lab.inLoop(timer::cancel);
        lab.clock().advance(10);
        lab.queue.poll(0);
        assertThat(ran).isEmpty();
    }

    @Test
    void aTimerKnowsWhetherItIsArmed() {
        lab.inLoop(() -> {
            IoTimer timer = lab.queue.timer(note("a"));
            assertThat(timer.isArmed()).isFalse();
            timer.arm(10);
            assertThat(timer.isArmed()).isTrue();
            timer.cancel();
            assertThat(timer.isArmed()).isFalse();
        });
    }

    @Test
    void aTimerMayCancelAnotherThatIsDueInTheSameRound() {
        IoTimer victim = lab.queue.timer(note("victim"));
        lab.inLoop(() -> {
            lab.queue.schedule(10, victim::cancel);
            victim.arm(11);
        });
        lab.clock().advance(20);
        lab.queue.poll(0);
        assertThat(ran).isEmpty();
    }

    @Test
    void aTimerMayArmItself() {
        IoTimer[] timer = new IoTimer[1];
        timer[0] = lab.queue.timer(() -> {
            ran.add("tick");
            timer[0].arm(10);
        });
        lab.inLoop(() -> timer[0].arm(10));
        for (int i = 0; i < 5; i++) {
            lab.clock().advance(10);
            lab.queue.poll(0);
        }
        assertThat(ran).hasSize(5);
    }

    @Test
    void aTimerOfAnotherThreadCountsFromItsCall() {
        Lab.elsewhere(() -> lab.queue.schedule(10, note("a")));
        lab.clock().advance(10);
        lab.settle();
        assertThat(ran).containsExactly("a");
    }

    @Test
    void anotherThreadMayCancel() {
        IoTimer timer = lab.queue.timer(note("a"));
        Lab.elsewhere(() -> {
            timer.arm(10);
            timer.cancel();
        });
        lab.settle();
        lab.clock().advance(10);
        lab.queue.poll(0);
        assertThat(ran).isEmpty();
    }

    @Test
    void aNegativeDelayIsNone() {
        boolean[] ran = new boolean[1];
        lab.inLoop(() -> lab.queue.schedule(-5, () -> ran[0] = true));
        lab.queue.poll(0);
        assertThat(ran[0]).isTrue();
    }

    @Test
    void aHugeDelayDoesNotWrapAround() {
        lab.inLoop(() -> {
            lab.queue.schedule(Long.MAX_VALUE, note("never"));
            lab.queue.schedule(10, note("soon"));
            lab.queue.schedule(-5, note("now"));
        });
        lab.clock().advance(10);
        lab.settle();
        assertThat(ran).containsExactly("now", "soon");
    }

    @Test
    void armedTimersDoNotRunWhenTheQueueIsClosed() {
        lab.inLoop(() -> lab.queue.schedule(10, note("a")));
        lab.clock().advance(10);
        lab.queue.close();
        assertThat(ran).isEmpty();
    }

    @Test
    void manyTimersAtRandomRunInTheirOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Long> dues = new ArrayList<>();
        List<IoTimer> timers = new ArrayList<>();
        long start = lab.clock().getAsLong();
        lab.inLoop(() -> {
            for (int i = 0; i < 1000; i++) {
                long[] due = new long[1];
                timers.add(lab.queue.timer(() -> dues.add(due[0])));
                due[0] = random.nextInt(10_000);
                timers.get(i).arm(due[0]);
                if (random.nextInt(3) == 0) {
                    IoTimer other = timers.get(random.nextInt(timers.size()));
                    other.cancel();
                }
            }
        });
        while (lab.clock().getAsLong() - start < 10_000) {
            lab.clock().advance(random.nextInt(100));
            lab.queue.poll(0);
        }
        assertThat(dues).as("seed " + seed).isSorted().hasSizeGreaterThan(500);
        assertThat(timers).as("seed " + seed).noneMatch(timer -> lab.inLoop(timer::isArmed));
    }
}
