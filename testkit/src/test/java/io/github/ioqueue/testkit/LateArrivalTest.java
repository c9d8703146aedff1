package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What another thread hands in while the queue is at its very end is not lost. */
@ExtendWith(LedgerExtension.class)
class LateArrivalTest {

    private final CountDownLatch registering = new CountDownLatch(1);
    private final CountDownLatch ending = new CountDownLatch(1);

    @Test
    void aSocketRegisteredInTheLastMomentIsClosed(CompletionLedger ledger) throws Exception {
        Recorder recorder = new Recorder();
        ScriptedStreamPort port = ScriptedStreamPort.connected();
        Thread[] registrar = new Thread[1];
        // The demultiplexer is closed last of all, still in the poller's role: the registration lands there.
        IoBackend backend = new EndingBackend(() -> {
            ending.countDown();
            Lab.here(() -> {
                registrar[0].join();
                return null;
            });
        });
        IoQueue queue = IoQueue.open(IoQueueConfig.builder()
                .backend(backend)
                .probe(Probes.all(ledger, new WaitingProbe()))
                .build());
        registrar[0] = new Thread(() -> Lab.here(() -> queue.register(port.socket(), recorder)));
        registrar[0].start();
        registering.await();
        queue.close();
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(port.isClosed()).isTrue();
    }

    /** Holds a registration up, past the question whether the queue is closed, until the queue ends. */
    private final class WaitingProbe implements QueueProbe {
        @Override
        public void registered(IoKey key) {
            registering.countDown();
            Lab.here(() -> {
                ending.await();
                return null;
            });
        }
    }

    /** A scripted backend whose demultiplexer says when it is closed. */
    private record EndingBackend(Runnable end) implements IoBackend {

        @Override
        public String name() {
            return "ending";
        }

        @Override
        public Demultiplexer openDemultiplexer() {
            return new Ending(new ScriptedBackend().openDemultiplexer(), end);
        }

        @Override
        public StreamPort openStream(ProtocolFamily family) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ListenerPort openListener(ProtocolFamily family) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DatagramPort openDatagram(ProtocolFamily family) {
            throw new UnsupportedOperationException();
        }
    }

    private record Ending(Demultiplexer inner, Runnable end) implements Demultiplexer {

        @Override
        public Registration register(SocketPort port, Object attachment) throws IOException {
            return inner.register(port, attachment);
        }

        @Override
        public void wait(ReadyList ready, long timeoutNanos) throws IOException {
            inner.wait(ready, timeoutNanos);
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public void close() throws IOException {
            end.run();
            inner.close();
        }
    }
}
