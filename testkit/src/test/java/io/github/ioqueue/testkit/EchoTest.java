package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EchoTest {

    static Stream<FastTrack> tracks() {
        return Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(42));
    }

    @ParameterizedTest
    @MethodSource("tracks")
    void aMegabyteComesBackWhole(FastTrack track) throws Exception {
        IoQueue queue = IoQueue.open(IoQueueConfig.builder().fastTrack(track).build());
        try (queue) {
            IoSocket listener = queue.openListener().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var address = listener.localAddress();
            IoKey listenerKey = queue.register(listener, new Server(queue));
            Client client = new Client();
            queue.execute(() -> {
                if (listenerKey.submit(new AcceptOp()) == Submission.DONE) {
                    throw new AssertionError("nobody there yet");
                }
            });
            IoKey key = queue.register(queue.openStream(), client);
            queue.execute(() -> {
                ConnectOp connect = new ConnectOp(address);
                if (key.submit(connect) == Submission.DONE) {
                    client.onConnectComplete(key, connect);
                }
            });
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (client.closed == 0 && System.nanoTime() - deadline < 0) {
                queue.poll(TimeUnit.MILLISECONDS.toNanos(100));
            }
            assertThat(client.in.flip()).isEqualTo(client.out.buffer().rewind());
            assertThat(client.closed).isEqualTo(1);
        }
        assertThat(queue.awaitClosed(0, TimeUnit.SECONDS)).isTrue();
    }

    private static final class Client implements IoHandler {
        final WriteOp out = new WriteOp(ByteBuffer.allocate(1 << 20));
        final ByteBuffer in = ByteBuffer.allocate((1 << 20) + 1);
        final ReadOp read = new ReadOp(in);
        int closed;

        Client() {
            for (int i = 0; out.buffer().hasRemaining(); i++) {
                out.buffer().put((byte) (i * 7 + (i >> 8)));
            }
            out.buffer().flip();
        }

        @Override
        public void onConnectComplete(IoKey key, ConnectOp op) {
            assertThat(op.failure()).isNull();
            key.submit(out);
            key.shutdownOutput();
            next(key);
        }

        private void next(IoKey key) {
            while (key.submit(read) == Submission.DONE) {
                if (read.isEnd() || read.failure() != null) {
                    key.close();
                    return;
                }
            }
        }

        @Override
        public void onReadComplete(IoKey key, ReadOp op) {
            if (op.isEnd() || read.failure() != null) {
                key.close();
            } else {
                next(key);
            }
        }

        @Override
        public void onClosed(IoKey key) {
            closed++;
        }
    }

    private record Server(IoQueue queue) implements IoHandler {

        @Override
        public void onAcceptComplete(IoKey key, AcceptOp op) {
            if (op.failure() != null) {
                return;
            }
            try {
                IoKey accepted = queue.register(op.accepted(), this);
                accepted.submit(new ReadOp());
                key.submit(op);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onReadComplete(IoKey key, ReadOp op) {
            if (op.failure() != null) {
                return;
            }
            if (op.isEnd()) {
                key.shutdownOutput();
                return;
            }
            ByteBuffer copy = ByteBuffer.allocate(op.buffer().remaining())
                    .put(op.buffer())
                    .flip();
            key.submit(new WriteOp(copy));
            key.submit(op);
        }
    }
}
