package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.testkit.InterposedBackend.Call;
import io.github.ioqueue.testkit.sim.ForeignThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** R4, R5: a queue ends while another thread is inside the system call of its {@code submit}. */
@ExtendWith(LedgerExtension.class)
class QueueEndTest {

    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final ScriptedBackend script = new ScriptedBackend();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final CountDownLatch inWrite = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Recorder recorder = new Recorder();
    private final IoQueue queue;
    private final IoKey key;
    private final WriteOp write = Bytes.write("abcd");
    private final Thread sender = new Thread(this::send, "sender");
    private final ForeignThread other = new ForeignThread();
    private Thread endedOn;
    private Thread completedOn;
    private Thread closedOn;

    QueueEndTest(CompletionLedger ledger) throws IOException {
        queue = IoQueue.open(IoQueueConfig.builder()
                .backend(script)
                .nanoClock(script.clock())
                .probe(ledger)
                .errorHandler((q, k, error) -> {})
                .build());
        script.demultiplexer().blocking(true);
        InterposedBackend held = new InterposedBackend(new OnePortBackend(port), (real, family) -> holdUp());
        recorder.then((k, op) -> completedOn = Thread.currentThread());
        recorder.whenClosed(k -> closedOn = Thread.currentThread());
        key = queue.register(OnePortBackend.socket(held.openStream(null)), recorder);
    }

    private Call holdUp() {
        return (real, method, args) -> {
            if (method.equals("write") && Thread.currentThread() == sender) {
                inWrite.countDown();
                goOn.await();
            }
            return InterposedBackend.UNCHANGED;
        };
    }

    private void send() {
        key.submit(write);
    }

    @AfterEach
    void close() {
        queue.close();
        other.close();
    }

    /** The sender is inside its write, the other thread is given time to come to where it waits for it; then it goes on. */
    private void endWhileTheSenderWrites(Runnable end) throws Exception {
        sender.start();
        inWrite.await();
        other.runUntilItWaits(() -> {
            endedOn = Thread.currentThread();
            end.run();
        });
        goOn.countDown();
        sender.join(PATIENCE_MILLIS);
        assertThat(sender.isAlive()).as("the sender returns").isFalse();
        other.join();
        assertThat(closedOn).as("the thread of onClosed").isSameAs(endedOn);
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(recorder.completed).allMatch(op -> completedOn == endedOn);
        assertThat(port.isClosed()).isTrue();
    }

    @Test
    void theClosingThreadRunsTheEndings() throws Exception {
        queue.poll(0);
        endWhileTheSenderWrites(queue::close);
        assertThat(recorder.completed).containsExactly(write);
    }

    @Test
    void theClosingThreadRunsThemAlsoBeforeTheKeysFirstTurn() throws Exception {
        endWhileTheSenderWrites(queue::close);
        assertThat(recorder.completed).containsExactly(write);
    }

    @Test
    void theClosingThreadRunsThemAlsoWhenTheWriteWasWhole() throws Exception {
        port.output().takeAll();
        endWhileTheSenderWrites(queue::close);
        assertThat(port.writtenText()).isEqualTo("abcd");
    }

    @Test
    void theDyingLoopRunsTheEndings() throws Exception {
        queue.poll(0);
        die();
    }

    @Test
    void theDyingLoopRunsThemAlsoBeforeTheKeysFirstTurn() throws Exception {
        die();
    }

    private void die() throws Exception {
        IOException why = new IOException("the wait failed");
        endWhileTheSenderWrites(() -> {
            script.demultiplexer().failWait(why);
            assertThatThrownBy(() -> queue.poll(Long.MAX_VALUE))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCause(why);
        });
        assertThat(recorder.completed).containsExactly(write);
    }

    @Test
    void aSendAfterTheEndIsRefusedAndTellsNothing() throws Exception {
        queue.close();
        goOn.countDown();
        sender.start();
        sender.join(PATIENCE_MILLIS);
        assertThat(write.failure()).isNotNull();
        assertThat(recorder.completed).isEmpty();
        assertThat(recorder.closed).isEqualTo(1);
    }
}
