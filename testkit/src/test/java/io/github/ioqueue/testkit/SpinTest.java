package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.testkit.Modes.Mode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must not turn the loop into a busy one, and who ends its sleep. */
@EveryMode
class SpinTest {

    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    private final Lab lab;
    private final Recorder recorder = new Recorder();

    SpinTest(Mode mode, CompletionLedger ledger) {
        lab = Lab.real(mode, ledger);
    }

    @AfterEach
    void close() {
        Thread.interrupted();
        lab.close();
    }

    /** Polls until the time has passed and tells how many waits that took: one, and few more if it slept. */
    private long wakingsWithin(long nanos) {
        long before = lab.calls.polls();
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            lab.queue.poll(left);
        }
        return lab.calls.polls() - before;
    }

    @Test
    void aRegisteredSocketThatIsNotConnectedDoesNotSpin() throws Exception {
        lab.queue.register(lab.queue.openStream(), recorder);
        lab.settle();
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
    }

    @Test
    void aSocketWhoseConnectingFailedDoesNotSpin() throws Exception {
        IoSocket listener = lab.queue.openListener().bind(Loopback.ANY_PORT);
        var gone = listener.localAddress();
        listener.close();
        IoKey key = lab.queue.register(lab.queue.openStream(), recorder);
        lab.submit(key, new ConnectOp(gone));
        lab.until(() -> recorder.closed == 1);
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
    }

    @Test
    void anIdleListenerDoesNotSpin() throws Exception {
        IoKey key = lab.queue.register(lab.queue.openListener().bind(Loopback.ANY_PORT), recorder);
        lab.submit(key, new AcceptOp());
        lab.settle();
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
    }

    @Test
    void bytesThatNobodyReadsDoNotSpin() {
        Loopback pair = new Loopback(lab);
        lab.submit(pair.near, Bytes.write("unread"));
        lab.settle();
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
    }

    @Test
    void anEndThatWasReadDoesNotSpin() {
        Loopback pair = new Loopback(lab);
        ReadOp read = Bytes.read(1);
        lab.submit(pair.far, read);
        lab.inLoop(pair.near::shutdownOutput);
        lab.until(() -> !read.isPending());
        assertThat(read.isEnd()).isTrue();
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
    }

    @Test
    void aResetThatNobodyWaitsForDoesNotSpin() {
        Loopback pair = new Loopback(lab);
        pair.resetNear();
        lab.until(() -> pair.nearRecorder.closed == 1);
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
    }

    @Test
    void aHalfClosedConnectionThatIsResetDoesNotSpin() {
        Loopback pair = new Loopback(lab);
        ReadOp read = Bytes.read(1);
        lab.submit(pair.far, read);
        lab.inLoop(pair.near::shutdownOutput);
        lab.until(() -> !read.isPending());
        lab.submit(pair.far, Bytes.write("unread, so that the closing is a reset"));
        pair.resetNear();
        lab.until(() -> pair.nearRecorder.closed == 1);
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
        lab.submit(pair.far, read);
        lab.until(() -> !read.isPending());
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
    }

    @Test
    void anInterruptedThreadDoesNotSpinAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void anInterruptBeforeThePollEndsOneWait() {
        Thread.currentThread().interrupt();
        long start = System.nanoTime();
        lab.queue.poll(LONG);
        assertThat(System.nanoTime() - start).isLessThan(LONG / 2);
    }

    @Test
    void anInterruptDuringTheWaitEndsIt() {
        Thread poller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (poller.getState() == Thread.State.RUNNABLE && !inSelect(poller)) {
                Thread.onSpinWait();
            }
            poller.interrupt();
        });
        interrupter.start();
        long start = System.nanoTime();
        lab.queue.poll(LONG);
        assertThat(System.nanoTime() - start).isLessThan(LONG / 2);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lab.queue.isClosing()).isFalse();
    }

    private static boolean inSelect(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals("doSelect")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anInterruptInsideACallbackDoesNotSpin() {
        lab.inLoop(() -> Thread.currentThread().interrupt());
        assertThat(wakingsWithin(SHORT)).isLessThan(5);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aWakeupEndsTheWaitUnderWayOrTheNext() {
        lab.queue.wakeup();
        long start = System.nanoTime();
        lab.queue.poll(LONG);
        Thread waker = new Thread(() -> {
            while (lab.calls.polls() < 2) {
                lab.queue.wakeup();
                Thread.onSpinWait();
            }
        });
        waker.start();
        lab.queue.poll(LONG);
        assertThat(System.nanoTime() - start).isLessThan(LONG / 2);
        Lab.here(() -> {
            waker.join();
            return null;
        });
    }

    @Test
    void aTaskOfAnotherThreadEndsTheWait() {
        boolean[] ran = new boolean[1];
        Thread other = new Thread(() -> lab.queue.execute(() -> ran[0] = true));
        long start = System.nanoTime();
        other.start();
        while (!ran[0]) {
            lab.queue.poll(LONG);
        }
        assertThat(System.nanoTime() - start).isLessThan(LONG / 2);
    }

    @Test
    void aTimerEndsTheWaitAndNotManyTimes() {
        boolean[] ran = new boolean[1];
        lab.inLoop(() -> lab.queue.schedule(SHORT, () -> ran[0] = true));
        long before = lab.calls.polls();
        while (!ran[0]) {
            lab.queue.poll(Long.MAX_VALUE);
        }
        assertThat(lab.calls.polls() - before).isLessThan(6);
    }
}
