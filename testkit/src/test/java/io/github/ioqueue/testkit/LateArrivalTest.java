package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.WorkGuard;
import io.github.ioqueue.probe.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What another thread hands in while a queue closes gets its last callback from the closing thread, or is refused. */
@ExtendWith(LedgerExtension.class)
class LateArrivalTest {

    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final CountDownLatch registering = new CountDownLatch(1);

    @Test
    void theClosingWaitsForAThreadInsideRegister(CompletionLedger ledger) throws Exception {
        List<Thread> closedOn = new ArrayList<>();
        Recorder recorder = new Recorder();
        recorder.whenClosed(key -> closedOn.add(Thread.currentThread()));
        ScriptedBackend backend = new ScriptedBackend();
        IoQueue queue = IoQueue.open(IoQueueConfig.builder()
                .backend(backend)
                .probe(Probes.all(ledger, new WaitingProbe(backend)))
                .build());
        backend.demultiplexer().blocking(true);
        Thread registrar = new Thread(() -> Lab.here(() -> queue.register(port.socket(), recorder)));
        registrar.start();
        registering.await();
        queue.close();
        registrar.join();
        assertThat(closedOn).containsExactly(Thread.currentThread());
        assertThat(port.isClosed()).isTrue();
    }

    /** Keeps a thread inside register until the closing waits for it. */
    private final class WaitingProbe implements QueueProbe {

        private final ScriptedBackend backend;

        WaitingProbe(ScriptedBackend backend) {
            this.backend = backend;
        }

        @Override
        public void registered(IoKey key) {
            registering.countDown();
            while (backend.demultiplexer().waits().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aSocketThatComesAfterTheClosingBeganStaysItsOwners() throws Exception {
        IoQueue queue = IoQueue.open(
                IoQueueConfig.builder().backend(new ScriptedBackend()).build());
        queue.close();
        var socket = port.socket();
        assertThatThrownBy(() -> queue.register(socket, new Recorder())).isInstanceOf(ClosedException.class);
        socket.close();
        assertThat(port.isClosed()).isTrue();
    }

    @Test
    void aGuardedQueueIsClosedWhenTheGuardIsReleased() throws Exception {
        IoQueue queue = IoQueue.open(
                IoQueueConfig.builder().backend(new ScriptedBackend()).build());
        List<String> seen = new ArrayList<>();
        WorkGuard[] guard = new WorkGuard[1];
        guard[0] = queue.guard(() -> {
            seen.add("closing " + queue);
            queue.execute(() -> {
                seen.add("released " + queue);
                guard[0].release();
            });
        });
        queue.close();
        assertThat(seen).containsExactly("closing IoQueue[scripted CLOSING]", "released IoQueue[scripted CLOSING]");
        assertThat(queue).hasToString("IoQueue[scripted CLOSED]");
        assertThatThrownBy(() -> queue.guard(() -> {})).isInstanceOf(ClosedException.class);
    }

    @Test
    void aReleasedGuardHearsNothing() throws Exception {
        IoQueue queue = IoQueue.open(
                IoQueueConfig.builder().backend(new ScriptedBackend()).build());
        WorkGuard guard = queue.guard(() -> {
            throw new AssertionError("released before");
        });
        queue.execute(guard::release);
        queue.poll(0);
        queue.close();
        assertThat(queue).hasToString("IoQueue[scripted CLOSED]");
    }
}
