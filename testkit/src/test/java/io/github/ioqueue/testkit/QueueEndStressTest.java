package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A queue ends while threads write to its keys and register more. Real threads, no system. The queue is closed beside its
 * loop, its loop dies, or it is closed before anybody polled it.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ioqueue.testkit.Modes#tracks")
class QueueEndStressTest {

    private static final int SENDERS = 3;
    private static final int KEYS = 3;
    private static final int OPS = 40;

    private final FastTrack track;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    QueueEndStressTest(FastTrack track) {
        this.track = track;
    }

    private enum End {
        CLOSED_BESIDE_ITS_LOOP,
        LOOP_DIES,
        CLOSED_UNPOLLED
    }

    @AfterEach
    void close() {
        threads.shutdown();
    }

    @Test
    void aHundredRoundsOfEachEnd() throws Exception {
        rounds(100);
    }

    @Test
    @Tag("slow")
    void fiveThousandRoundsOfEachEnd() throws Exception {
        rounds(5_000);
    }

    private void rounds(int count) throws Exception {
        List<String> violations = new ArrayList<>();
        for (End end : End.values()) {
            for (int i = 0; i < count && violations.size() < 10; i++) {
                violations.addAll(new Round(end).run());
            }
        }
        assertThat(violations).isEmpty();
    }

    private final class Round {
        private final End end;
        private final CompletionLedger ledger = new CompletionLedger();
        private final ChoppyBackend backend = new ChoppyBackend();
        private final CyclicBarrier start = new CyclicBarrier(SENDERS + 2);
        private final ThreadLocal<Boolean> inVerb = ThreadLocal.withInitial(() -> false);
        private final Queue<String> violations = new ConcurrentLinkedQueue<>();
        private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
        private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
        private final int endsAfter = ThreadLocalRandom.current().nextInt(20_000);
        private final IoQueue queue;

        Round(End end) throws IOException {
            this.end = end;
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(backend)
                    .fastTrack(track)
                    .probe(ledger)
                    .errorHandler((q, key, error) -> {})
                    .build());
        }

        Queue<String> run() throws Exception {
            for (int i = 0; i < KEYS; i++) {
                register();
            }
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                all.add(threads.submit(behindTheBarrier(this::send)));
            }
            all.add(threads.submit(behindTheBarrier(this::registerMore)));
            all.add(threads.submit(behindTheBarrier(this::endIt)));
            Future<?> loop = end == End.CLOSED_UNPOLLED ? null : threads.submit(this::poll);
            for (Future<?> each : all) {
                each.get(20, TimeUnit.SECONDS);
            }
            if (loop != null) {
                loop.get(20, TimeUnit.SECONDS);
            }
            judge();
            return violations;
        }

        private Callable<Void> behindTheBarrier(Callable<Void> task) {
            return () -> {
                start.await(20, TimeUnit.SECONDS);
                return task.call();
            };
        }

        // ---- what the threads do

        private Void send() {
            List<Socket> mine = List.copyOf(sockets);
            for (int i = 0; i < OPS; i++) {
                Message message = new Message();
                messages.add(message);
                inVerb.set(true);
                if (mine.get(i % KEYS).key.submit(message) == Submission.DONE) {
                    message.outcomes.incrementAndGet();
                }
                inVerb.set(false);
            }
            return null;
        }

        private Void registerMore() throws IOException {
            for (int i = 0; i < OPS; i++) {
                inVerb.set(true);
                register();
                inVerb.set(false);
            }
            return null;
        }

        private void register() throws IOException {
            IoSocket socket = IoSocket.openStream(backend, StandardProtocolFamily.INET);
            try {
                sockets.add(new Socket(socket));
            } catch (ClosedException refused) {
                socket.close();
            }
        }

        private Void endIt() {
            for (int i = 0; i < endsAfter; i++) {
                Thread.onSpinWait();
            }
            if (end == End.LOOP_DIES) {
                backend.failWaits(new IOException("the wait failed"));
                queue.wakeup();
            } else {
                queue.close();
            }
            return null;
        }

        private void poll() {
            try {
                while (!queue.isClosing()) {
                    queue.poll(Long.MAX_VALUE);
                }
            } catch (RuntimeException e) {
                if (end != End.LOOP_DIES) {
                    violations.add("the loop died: " + e);
                }
            }
        }

        // ---- what must come of it

        private void judge() throws InterruptedException {
            if (!queue.awaitClosed(20, TimeUnit.SECONDS)) {
                violations.add("the queue does not close");
            }
            for (Message message : messages) {
                if (message.outcomes.get() != 1) {
                    violations.add(message.outcomes + " outcomes of one op");
                }
            }
            for (Socket socket : sockets) {
                if (socket.closed.get() != 1) {
                    violations.add("onClosed came " + socket.closed + " times to " + socket.key);
                }
            }
            try {
                ledger.verify();
            } catch (AssertionError e) {
                violations.add(end + ": " + e.getMessage());
            }
        }

        private final class Socket implements IoHandler {
            private final AtomicInteger closed = new AtomicInteger();
            private final IoKey key;

            Socket(IoSocket socket) throws IOException {
                key = queue.register(socket, this);
            }

            @Override
            public void onWriteComplete(IoKey k, WriteOp op) {
                ((Message) op).outcomes.incrementAndGet();
                called("onWriteComplete");
                if (closed.get() > 0) {
                    violations.add(end + ": R8: a completion after onClosed");
                }
            }

            @Override
            public void onClosed(IoKey k) {
                closed.incrementAndGet();
                called("onClosed");
            }

            private void called(String callback) {
                if (inVerb.get()) {
                    violations.add(end + ": R5: " + callback + " inside a submit or register of its thread");
                }
            }
        }
    }

    private static final class Message extends WriteOp {
        private final AtomicInteger outcomes = new AtomicInteger();

        Message() {
            super(ByteBuffer.allocate(5));
        }
    }
}
