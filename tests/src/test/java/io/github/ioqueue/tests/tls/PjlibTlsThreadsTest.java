package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.probe.OpKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several threads send ops over one TLS socket, and the echo of all comes back: no record is torn, each thread's messages
 * stay in order, and every op that was pending is told once.
 */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class PjlibTlsThreadsTest {

    private static final String PAIRWISE = "io.github.ioqueue.tests.tls.Way#pairwise";
    private static final int THREADS = 4;

    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void threadsSendManyOverOneSocket(Way way) throws Exception {
        concurrentSends(way, 200);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void threadsSendVeryManyOverOneSocket(Way way) throws Exception {
        concurrentSends(way, 20_000);
    }

    private static void concurrentSends(Way way, int messages) throws Exception {
        OpEcho server = new OpEcho(false);
        Senders senders = new Senders(messages, 2 * way.messageSize());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (TlsRig rig = way.rig(1, r -> server)) {
            way.connect(rig, senders);
            StreamSocket socket = senders.opened.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                running.add(CompletableFuture.runAsync(() -> senders.send(socket, number), threads));
            }
            for (CompletableFuture<Void> thread : running) {
                thread.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
            CloseReason why = senders.end.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(senders.echoed.wrong()).isEmpty();
            TlsRig.assertEnd(why, CloseReason.Kind.LOCAL);
            TlsRig.assertEnd(server.awaitEnd(), CloseReason.Kind.PEER_END);
            assertThat(senders.echoed.counts()).containsOnly(messages);
            assertThat(senders.pending).hasPositiveValue();
            assertThat(senders.told).hasValue(senders.pending.get());
            assertThat(senders.failed).hasValue(0);
            if (way.isNarrow()) {
                assertThat(rig.calls().unfinished(OpKind.WRITE)).isPositive();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** The client's end: threads that send, and a loop that reads the echo and closes when it has all. */
    private static final class Senders implements StreamHandler {

        private final int messages;
        private final int longest;
        private final NumberedMessages echoed = new NumberedMessages(THREADS);
        private final CompletableFuture<StreamSocket> opened = new CompletableFuture<>();
        private final CompletableFuture<CloseReason> end = new CompletableFuture<>();
        private final AtomicInteger pending = new AtomicInteger();
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final Semaphore room = new Semaphore(0);

        Senders(int messages, int longest) {
            this.messages = messages;
            this.longest = longest;
        }

        void send(StreamSocket socket, int sender) {
            for (int i = 0; i < messages; i++) {
                WriteOp op = new WriteOp(NumberedMessages.message(sender, i, longest));
                Sending answer = socket.send(op);
                for (; answer == Sending.FULL; answer = socket.send(op)) {
                    awaitRoom();
                }
                assertThat(answer).isIn(Sending.PENDING, Sending.DONE);
                pending.addAndGet(answer == Sending.PENDING ? 1 : 0);
            }
        }

        private void awaitRoom() {
            try {
                assertThat(room.tryAcquire(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS))
                        .as("onWritable comes")
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onOpen(StreamSocket socket) {
            opened.complete(socket);
        }

        @Override
        public void onWritable(StreamSocket socket) {
            room.release(THREADS);
        }

        @Override
        public void onSent(StreamSocket socket, WriteOp op) {
            told.incrementAndGet();
            failed.addAndGet(op.failure() == null ? 0 : 1);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (!echoed.read(in)) {
                socket.abort();
            } else if (echoed.haveAll(messages)) {
                socket.close();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            room.release(THREADS);
            end.complete(why);
        }
    }
}
