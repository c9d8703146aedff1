package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** One thread brings a task while the poller falls asleep. */
@JCStressTest
@Outcome(id = "0, .*", expect = Expect.ACCEPTABLE, desc = "the poller does not wait")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "it waits, and is woken")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "it sleeps beside the task")
@State
public class WakeUpStress implements Demultiplexer {

    private final Inbox inbox = new Inbox(this);
    private volatile int wakeups;

    @Actor
    public void bring() {
        inbox.offer(() -> {});
        inbox.wake();
    }

    @Actor
    public void fallAsleep(II_Result result) {
        result.r1 = inbox.fallAsleep() ? 1 : 0;
    }

    @Arbiter
    public void wakeups(II_Result result) {
        result.r2 = wakeups;
    }

    @Override
    public void wakeup() {
        wakeups = 1;
    }

    @Override
    public Registration register(SocketPort port, Object attachment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void wait(ReadyList ready, long timeoutNanos) {}

    @Override
    public void close() {}
}
