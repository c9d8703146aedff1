package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SendBudgetTest {

    private static SendBudget budget(int bytes, int sends) {
        return new SendBudget(StreamConfig.defaults().withMaxQueued(bytes, sends));
    }

    @Test
    void shutItTakesNothingAndKeepsWhatItHas() {
        SendBudget budget = budget(100, 1);
        assertThat(budget.reserve(60)).isEqualTo(Sent.TAKEN);
        assertThat(budget.reserve(1)).isEqualTo(Sent.FULL);
        budget.shut();
        assertThat(budget.reserve(1)).isEqualTo(Sent.CLOSED);
        assertThat(budget.isEmpty()).isFalse();
        assertThat(budget.bytes()).isEqualTo(60);
        assertThat(budget.release(60)).as("nobody is told that it may send").isFalse();
        assertThat(budget.isEmpty()).isTrue();
    }

    @Test
    void whatFitsIsReservedAndGivenBack() {
        SendBudget budget = budget(100, 10);
        assertThat(budget.reserve(60)).isEqualTo(Sent.TAKEN);
        assertThat(budget.reserve(40)).isEqualTo(Sent.TAKEN);
        assertThat(budget.bytes()).isEqualTo(100);
        assertThat(budget.release(60)).isFalse();
        assertThat(budget.release(40)).isFalse();
        assertThat(budget.isEmpty()).isTrue();
    }

    @Test
    void refusesWhatExceedsTheBytesAndReservesNothingOfIt() {
        SendBudget budget = budget(100, 10);
        assertThat(budget.reserve(60)).isEqualTo(Sent.TAKEN);
        assertThat(budget.reserve(41)).isEqualTo(Sent.FULL);
        assertThat(budget.bytes()).isEqualTo(60);
    }

    @Test
    void refusesMoreSendsThanAllowed() {
        SendBudget budget = budget(100, 2);
        assertThat(budget.reserve(1)).isEqualTo(Sent.TAKEN);
        assertThat(budget.reserve(1)).isEqualTo(Sent.TAKEN);
        assertThat(budget.reserve(1)).isEqualTo(Sent.FULL);
    }

    @Test
    void takesWhatIsLargerThanTheLimitWhenNothingIsQueued() {
        SendBudget budget = budget(100, 2);
        assertThat(budget.reserve(Integer.MAX_VALUE)).isEqualTo(Sent.TAKEN);
        assertThat(budget.bytes()).isEqualTo(Integer.MAX_VALUE);
        assertThat(budget.reserve(1)).isEqualTo(Sent.FULL);
        assertThat(budget.release(Integer.MAX_VALUE)).isTrue();
        assertThat(budget.isEmpty()).isTrue();
    }

    @Test
    void writableIsDueOnceAtHalfAfterARefusal() {
        SendBudget budget = budget(100, 10);
        for (int i = 0; i < 4; i++) {
            assertThat(budget.reserve(25)).isEqualTo(Sent.TAKEN);
        }
        assertThat(budget.reserve(1)).isEqualTo(Sent.FULL);
        assertThat(budget.reserve(1)).isEqualTo(Sent.FULL);
        assertThat(budget.release(25)).isFalse();
        assertThat(budget.release(25)).isTrue();
        assertThat(budget.release(25)).isFalse();
        assertThat(budget.release(25)).isFalse();
    }

    @Test
    void aSecondRefusalMakesASecondEpisode() {
        SendBudget budget = budget(10, 10);
        for (int episode = 0; episode < 3; episode++) {
            assertThat(budget.reserve(10)).isEqualTo(Sent.TAKEN);
            assertThat(budget.reserve(10)).isEqualTo(Sent.FULL);
            assertThat(budget.release(10)).isTrue();
        }
    }

    @Test
    void aSendThatJoinsAnotherFreesItsPlaceAndKeepsItsBytes() {
        SendBudget budget = budget(100, 2);
        assertThat(budget.reserve(10)).isEqualTo(Sent.TAKEN);
        assertThat(budget.reserve(10)).isEqualTo(Sent.TAKEN);
        budget.join();
        assertThat(budget.bytes()).isEqualTo(20);
        assertThat(budget.reserve(10)).isEqualTo(Sent.TAKEN);
        assertThat(budget.release(20)).isFalse();
        assertThat(budget.release(10)).isFalse();
        assertThat(budget.isEmpty()).isTrue();
    }

    /** Whoever is refused waits for the promise: were one lost, a sender would wait for ever. */
    @RepeatedTest(5)
    void noRefusedThreadIsForgottenWhileAnotherDrains() throws InterruptedException {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Race race = new Race(budget(64, 8));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            threads.add(new Thread(() -> race.send(random)));
        }
        Thread drainer = new Thread(race::drain);
        drainer.setDaemon(true);
        drainer.start();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).as("a refused sender was never told").isFalse();
        }
        race.over.set(true);
        drainer.join(10_000);
        assertThat(race.budget.isEmpty()).isTrue();
        assertThat(race.budget.bytes()).isZero();
        assertThat(race.promises.get()).isLessThanOrEqualTo(race.refusals.get());
    }

    private static final class Race {
        final SendBudget budget;
        final ConcurrentLinkedQueue<Integer> queued = new ConcurrentLinkedQueue<>();
        final AtomicBoolean over = new AtomicBoolean();
        final AtomicInteger refusals = new AtomicInteger();
        final AtomicInteger promises = new AtomicInteger();
        volatile CountDownLatch episode = new CountDownLatch(1);

        Race(SendBudget budget) {
            this.budget = budget;
        }

        void send(SplittableRandom random) {
            try {
                for (int i = 0; i < 20_000; i++) {
                    int n = random.nextInt(1, 40);
                    CountDownLatch before = episode;
                    while (budget.reserve(n) != Sent.TAKEN) {
                        refusals.incrementAndGet();
                        before.await();
                        before = episode;
                    }
                    queued.add(n);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void drain() {
            while (!over.get() || !queued.isEmpty()) {
                Integer n = queued.poll();
                if (n == null) {
                    Thread.onSpinWait();
                } else if (budget.release(n)) {
                    promises.incrementAndGet();
                    CountDownLatch told = episode;
                    episode = new CountDownLatch(1);
                    told.countDown();
                }
            }
        }
    }
}
