package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Single sends of another thread into a loop that sleeps without a limit: each arrives, with nothing else to wake it. */
class LostWakeupTest {

    private static final long HUNT_SECONDS = Long.getLong("wakeup.seconds", 600);
    private static final int MOST_SPINS = 2_000;

    @Test
    void fiveThousandSendsArrive() throws Exception {
        hunt(5_000, Long.MAX_VALUE);
    }

    @Test
    @Tag("slow")
    void tenMinutesOfSendsArrive() throws Exception {
        hunt(Integer.MAX_VALUE, TimeUnit.SECONDS.toNanos(HUNT_SECONDS));
    }

    private static void hunt(int most, long nanos) throws Exception {
        Semaphore back = new Semaphore(0);
        IoQueueGroup group = IoQueueGroup.open(2, IoQueueConfig.defaults());
        int sent = 0;
        try (group;
                ActiveListener listener = EchoServer.open(group.queues().get(0), StreamConfig.defaults())) {
            CompletableFuture<StreamSocket> opened = new CompletableFuture<>();
            Connector.to(EchoServer.address(listener)).open(group.queues().get(1), new Counting(opened, back));
            StreamSocket socket = opened.get(10, TimeUnit.SECONDS);
            long start = System.nanoTime();
            for (; sent < most && System.nanoTime() - start < nanos; sent++) {
                WriteOp op = new WriteOp(ByteBuffer.wrap(new byte[] {(byte) sent}));
                op.alwaysAsync(true);
                assertThat(socket.send(op)).isEqualTo(Sending.PENDING);
                assertThat(back.tryAcquire(10, TimeUnit.SECONDS))
                        .as("send %d comes back: %s", sent, socket)
                        .isTrue();
                for (int i = ThreadLocalRandom.current().nextInt(MOST_SPINS); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
        }
        System.out.println(sent + " sends came back");
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }

    private record Counting(CompletableFuture<StreamSocket> opened, Semaphore back) implements StreamHandler {
        @Override
        public void onOpen(StreamSocket socket) {
            opened.complete(socket);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            back.release(in.remaining());
            in.position(in.limit());
        }
    }
}
