package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Handlers on an executor: what they hear is what they would hear on the loop. */
@Timeout(60)
@ParameterizedClass
@MethodSource("io.github.ioqueue.activesock.Rig#tracks")
class OffLoopTest {

    private static final int LIMIT = 10_000;

    private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final List<Socket> peers = new ArrayList<>();
    private final IoQueueGroup group;

    OffLoopTest(FastTrack track) throws IOException {
        group = IoQueueGroup.open(
                1,
                IoQueueConfig.builder()
                        .fastTrack(track)
                        .errorHandler((queue, key, error) -> errors.add(error))
                        .build());
    }

    @AfterEach
    void close() throws Exception {
        for (Socket peer : peers) {
            peer.close();
        }
        group.close();
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(errors).isEmpty();
    }

    private Socket open(Executor executor, StreamHandler handler) throws IOException {
        ActiveListener listener = Listener.on(Rig.loopback(0))
                .config(StreamConfig.defaults().withMaxUnread(LIMIT))
                .open(group, accepted -> OffLoop.on(executor, handler));
        Socket peer = new Socket();
        peers.add(peer);
        peer.setSoTimeout(5_000);
        peer.connect((InetSocketAddress) Rig.address(listener));
        return peer;
    }

    /** Echoes, checks that no two calls are at the same time, and keeps the reason of its end. */
    private static class Echo implements StreamHandler {
        final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
        final AtomicBoolean inside = new AtomicBoolean();
        final AtomicInteger overlaps = new AtomicInteger();

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            alone(() -> {
                if (socket.send(in) == Sent.FULL) {
                    socket.pauseReading();
                }
            });
        }

        @Override
        public void onWritable(StreamSocket socket) {
            alone(socket::resumeReading);
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            alone(() -> closed.complete(why));
        }

        void alone(Runnable call) {
            if (!inside.compareAndSet(false, true)) {
                overlaps.incrementAndGet();
            }
            call.run();
            inside.set(false);
        }

        CloseReason reason() throws Exception {
            return closed.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aMegabyteIsEchoedInOrderOneCallAtATime() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        byte[] bytes = new byte[1 << 20];
        new Random(seed).nextBytes(bytes);
        Echo echo = new Echo();
        Socket peer = open(pool, echo);
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            try {
                peer.getOutputStream().write(bytes);
                peer.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes);
        sender.get(10, TimeUnit.SECONDS);
        assertThat(echo.reason().kind()).isEqualTo(CloseReason.Kind.PEER_END);
        assertThat(echo.overlaps).hasValue(0);
    }

    @Test
    void aHandlerThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Socket slow = open(pool, (socket, in) -> {
            in.position(in.limit());
            await(release);
        });
        slow.getOutputStream().write(1);
        Socket quick = open(pool, new Echo());
        quick.getOutputStream().write(2);
        assertThat(quick.getInputStream().read()).isEqualTo(2);
        release.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whileItIsBehindReadingIsPausedAndThenGoesOn() throws Exception {
        Semaphore allowed = new Semaphore(0);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        CompletableFuture<Void> all = new CompletableFuture<>();
        int total = 3 << 20;
        Socket peer = open(pool, (socket, in) -> {
            allowed.acquireUninterruptibly();
            most.accumulateAndGet(in.remaining(), Math::max);
            if (taken.addAndGet(in.remaining()) == total) {
                all.complete(null);
            }
            in.position(in.limit());
        });
        Thread sender = new Thread(() -> {
            try {
                peer.getOutputStream().write(new byte[total]);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        sender.start();
        allowed.release(Integer.MAX_VALUE / 2);
        all.get(10, TimeUnit.SECONDS);
        sender.join();
        assertThat(most.get()).isLessThanOrEqualTo(LIMIT + (64 << 10));
    }

    @Test
    void whatIsLeftIsOfferedAgainWithMore() throws Exception {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        Socket peer = open(pool, (socket, in) -> {
            if (in.remaining() >= 4) {
                byte[] bytes = new byte[4];
                in.get(bytes);
                whole.complete(bytes);
            }
        });
        for (int i = 0; i < 4; i++) {
            peer.getOutputStream().write(i);
        }
        assertThat(whole.get(5, TimeUnit.SECONDS)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whoTakesNothingOfTheMaximumIsCut() throws Exception {
        Echo never = new Echo() {
            @Override
            public void onData(StreamSocket socket, ByteBuffer in) {}
        };
        Socket peer = open(pool, never);
        peer.getOutputStream().write(new byte[LIMIT]);
        assertThat(never.reason().kind()).isEqualTo(CloseReason.Kind.REMAINDER_FULL);
    }

    @Test
    void aPauseOfTheHandlerHoldsBytesAndEndBack() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CompletableFuture<StreamSocket> socket = new CompletableFuture<>();
        Socket peer = open(pool, new StreamHandler() {
            @Override
            public void onData(StreamSocket from, ByteBuffer in) {
                from.pauseReading();
                socket.complete(from);
                heard.add("byte " + in.get());
            }

            @Override
            public void onEnd(StreamSocket from) {
                heard.add("end");
                from.close();
            }
        });
        peer.getOutputStream().write(new byte[] {1, 2});
        peer.shutdownOutput();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("byte 1");
        assertThat(heard).isEmpty();
        socket.get().resumeReading();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("byte 2");
        socket.get().resumeReading();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
    }

    @Test
    void aHandlerThatThrowsCostsItsConnectionAndIsTold() throws Exception {
        IllegalStateException thrown = new IllegalStateException("on purpose");
        Echo failing = new Echo() {
            @Override
            public void onData(StreamSocket socket, ByteBuffer in) {
                throw thrown;
            }
        };
        Socket peer = open(pool, failing);
        peer.getOutputStream().write(1);
        assertThat(failing.reason().cause()).isSameAs(thrown);
        assertThat(errors.poll(5, TimeUnit.SECONDS)).isSameAs(thrown);
    }

    @Test
    void anExecutorThatRefusesCostsTheConnectionAndTheEndIsToldAllTheSame() throws Exception {
        RejectedExecutionException refusal = new RejectedExecutionException("on purpose");
        Echo echo = new Echo();
        AtomicInteger tasks = new AtomicInteger();
        Socket peer = open(
                task -> {
                    if (tasks.getAndIncrement() > 0) {
                        throw refusal;
                    }
                    task.run();
                },
                echo);
        peer.getOutputStream().write(1);
        assertThat(echo.reason().cause()).isSameAs(refusal);
    }

    @Test
    void theHandlerMayBeExchangedWithBytesUnread() throws Exception {
        CompletableFuture<byte[]> rest = new CompletableFuture<>();
        Socket peer = open(pool, (socket, in) -> {
            in.get();
            socket.handler((s, more) -> {
                byte[] bytes = new byte[more.remaining()];
                more.get(bytes);
                rest.complete(bytes);
            });
        });
        peer.getOutputStream().write(new byte[] {1, 2, 3});
        assertThat(Arrays.toString(rest.get(5, TimeUnit.SECONDS))).isEqualTo("[2, 3]");
    }

    @Test
    void whoTakesTheBytesBeforeWhileReadingIsBeingPausedDoesNotLeaveItPaused() {
        ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        boolean[] paused = new boolean[1];
        StreamSocket below = mock();
        when(below.config()).thenReturn(StreamConfig.defaults().withMaxUnread(LIMIT));
        doAnswer(call -> {
                    tasks.forEach(Runnable::run); // another thread is that quick
                    tasks.clear();
                    paused[0] = true;
                    return null;
                })
                .when(below)
                .pauseReading();
        doAnswer(call -> {
                    paused[0] = false;
                    return null;
                })
                .when(below)
                .resumeReading();
        StreamHandler handler = OffLoop.on(tasks::add, (socket, in) -> in.position(in.limit()));
        handler.onOpen(below);
        handler.onData(below, ByteBuffer.allocate(LIMIT - 1));
        handler.onData(below, ByteBuffer.allocate(LIMIT));
        tasks.forEach(Runnable::run);
        verify(below, times(1)).pauseReading();
        assertThat(paused[0]).as("paused for ever").isFalse();
    }
}
