package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.SocketPort;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Several threads write to one key at once, while it blocks, breaks and is closed. Real threads, no system. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ioqueue.testkit.Modes#tracks")
class ForeignSendTest {

    private static final int PRODUCERS = 3;
    private static final int OPS = 200;
    private static final int MESSAGE = 5;

    private final FastTrack track;
    private final CyclicBarrier start = new CyclicBarrier(PRODUCERS);
    private final AtomicReference<ChoppyPort> opened = new AtomicReference<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);
    private final LongAdder triedInLoop = new LongAdder();
    private final LongAdder triedOutside = new LongAdder();
    private IoQueue queue;
    private Thread poller;

    ForeignSendTest(FastTrack track) {
        this.track = track;
    }

    @BeforeEach
    void open() throws Exception {
        queue = IoQueue.open(IoQueueConfig.builder()
                .backend(new ChoppyBackend())
                .fastTrack(track)
                .probe(new QueueProbe() {
                    @Override
                    public void attempted(IoKey key, IoOp op, boolean finished) {
                        (queue.inLoop() ? triedInLoop : triedOutside).increment();
                    }
                })
                .build());
        poller = new Thread(() -> {
            while (!queue.isClosing()) {
                queue.poll(Long.MAX_VALUE);
            }
        });
        poller.start();
    }

    @AfterEach
    void close() throws Exception {
        queue.close();
        assertThat(queue.awaitClosed(20, TimeUnit.SECONDS)).isTrue();
        poller.join();
        threads.shutdown();
    }

    @Test
    void threeHundredRounds() throws Exception {
        rounds(300);
    }

    @Test
    @Tag("slow")
    void twentyThousandRounds() throws Exception {
        rounds(20_000);
    }

    private void rounds(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            new Round().run();
        }
        System.out.println(track + ": " + triedOutside + " tries by the senders, " + triedInLoop + " by the loop");
        assertThat(triedInLoop.sum()).isPositive();
        assertThat(triedOutside.sum() > 0).isEqualTo(track != FastTrack.OFF);
    }

    /** A message of a producer: its number, and which of it this is. */
    private static final class Message extends WriteOp {
        private final AtomicInteger outcomes = new AtomicInteger();

        Message(int producer, int number) {
            super(ByteBuffer.allocate(MESSAGE)
                    .put((byte) producer)
                    .putInt(number)
                    .flip());
        }
    }

    private final class Round implements IoHandler {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final List<Message> messages = new ArrayList<>();
        private final AtomicInteger late = new AtomicInteger();
        private final int closesAt = ThreadLocalRandom.current().nextInt(3 * OPS);
        private ChoppyPort port;
        private IoKey key;

        void run() throws Exception {
            IoSocket socket = IoSocket.openStream(noting(), StandardProtocolFamily.INET);
            port = opened.get();
            key = queue.register(socket, this);
            List<CompletableFuture<Void>> producers = new ArrayList<>();
            for (int p = 0; p < PRODUCERS; p++) {
                List<Message> mine = new ArrayList<>();
                for (int i = 0; i < OPS; i++) {
                    mine.add(new Message(p, i));
                }
                messages.addAll(mine);
                producers.add(CompletableFuture.runAsync(() -> produce(mine), threads));
            }
            for (CompletableFuture<Void> producer : producers) {
                producer.get(20, TimeUnit.SECONDS);
            }
            key.shutdownOutput();
            queue.execute(this::closeWhenIdle);
            assertThat(closed.await(20, TimeUnit.SECONDS))
                    .as("onClosed comes: %s", key)
                    .isTrue();
            judge();
        }

        private IoBackend noting() {
            ChoppyBackend backend = new ChoppyBackend();
            return (IoBackend) Proxy.newProxyInstance(
                    IoBackend.class.getClassLoader(), new Class<?>[] {IoBackend.class}, (self, method, args) -> {
                        Object answer = method.invoke(backend, args);
                        if (answer instanceof SocketPort) {
                            opened.set((ChoppyPort) answer);
                        }
                        return answer;
                    });
        }

        private void produce(List<Message> mine) {
            try {
                start.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            for (int i = 0; i < OPS; i++) {
                Message message = mine.get(i);
                if (i == closesAt) {
                    key.close();
                }
                if (key.submit(message) == Submission.DONE) {
                    message.outcomes.incrementAndGet();
                }
            }
        }

        /** What is pending goes out first, if nothing has closed or broken it. */
        private void closeWhenIdle() {
            if (messages.stream().anyMatch(WriteOp::isPending)) {
                queue.execute(this::closeWhenIdle);
            } else {
                key.close();
            }
        }

        @Override
        public void onWriteComplete(IoKey k, WriteOp op) {
            ((Message) op).outcomes.incrementAndGet();
            if (closed.getCount() == 0) {
                late.incrementAndGet();
            }
        }

        @Override
        public void onClosed(IoKey k) {
            closed.countDown();
        }

        private void judge() {
            assertThat(port.misuse()).isEmpty();
            assertThat(late).hasValue(0);
            assertThat(messages).allMatch(message -> message.outcomes.get() == 1);
            int[] next = new int[PRODUCERS];
            int arrived = 0;
            ByteBuffer bytes = ByteBuffer.wrap(port.written());
            while (bytes.remaining() >= MESSAGE) {
                int producer = bytes.get();
                int number = bytes.getInt();
                assertThat(producer).isBetween(0, PRODUCERS - 1);
                assertThat(number).as("of producer %d", producer).isEqualTo(next[producer]);
                assertThat(messages.get(producer * OPS + number).failure()).isNull();
                next[producer]++;
                arrived++;
            }
            assertThat(messages.stream().filter(message -> message.failure() == null))
                    .hasSize(arrived);
        }
    }
}
