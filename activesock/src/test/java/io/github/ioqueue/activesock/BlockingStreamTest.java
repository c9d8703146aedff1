package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection as blocking streams, against a plain blocking socket. */
@Timeout(60)
@ParameterizedClass
@MethodSource("io.github.ioqueue.activesock.Rig#tracks")
class BlockingStreamTest {

    private static final int LIMIT = 20_000;

    private final IoQueueGroup group;
    private final BlockingStream stream = new BlockingStream(Duration.ofSeconds(20));
    private final StreamSocket socket;
    private final Socket peer;

    BlockingStreamTest(FastTrack track) throws Exception {
        group = IoQueueGroup.open(1, IoQueueConfig.builder().fastTrack(track).build());
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            peer = connect(listener, stream);
            socket = stream.awaitOpen();
        }
        peer.setSoTimeout(20_000);
    }

    private Socket connect(ServerSocket listener, BlockingStream to) throws IOException {
        Connector.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()))
                .config(StreamConfig.defaults().withMaxUnread(LIMIT).withMaxQueued(LIMIT, 100))
                .open(group.next(), to);
        return listener.accept();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        group.close();
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aMegabyteGoesAndComesBack() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        byte[] bytes = new byte[1 << 20];
        new Random(seed).nextBytes(bytes);
        Thread echo = new Thread(() -> {
            try {
                peer.getInputStream().transferTo(peer.getOutputStream());
                peer.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        echo.start();
        CompletableFuture<byte[]> back = CompletableFuture.supplyAsync(() -> {
            try {
                return stream.input().readAllBytes();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Random sizes = new Random(seed);
        for (int sent = 0; sent < bytes.length; ) {
            int n = Math.min(bytes.length - sent, 1 + sizes.nextInt(100_000));
            stream.output().write(bytes, sent, n);
            sent += n;
        }
        stream.output().close();
        assertThat(back.get(30, TimeUnit.SECONDS)).isEqualTo(bytes);
        echo.join();
    }

    @Test
    void whatIsNotReadIsBounded() throws Exception {
        peer.setSendBufferSize(10_000);
        Thread sender = new Thread(() -> {
            try {
                peer.getOutputStream().write(new byte[10 << 20]);
            } catch (IOException e) {
                // it is closed when the test is over
            }
        });
        sender.start();
        for (int i = 0; i < 50; i++) {
            assertThat(stream.input().readNBytes(1000)).hasSize(1000);
            assertThat(stream.input().available()).isLessThan(LIMIT + (64 << 10));
        }
        peer.close();
        sender.join();
    }

    @Test
    void theEndIsMinusOneAndStaysSo() throws Exception {
        peer.getOutputStream().write(7);
        peer.shutdownOutput();
        assertThat(stream.input().read()).isEqualTo(7);
        assertThat(stream.input().read()).isEqualTo(-1);
        assertThat(stream.input().read(new byte[10])).isEqualTo(-1);
        stream.output().write(8);
        assertThat(peer.getInputStream().read()).isEqualTo(8);
    }

    @Test
    void aResetIsAnIoException() throws Exception {
        peer.setSoLinger(true, 0);
        peer.close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> stream.input().read())
                .withMessageContaining("RESET");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> stream.output().write(1));
    }

    @Test
    void aReadThatWaitsTooLongEnds() throws Exception {
        BlockingStream hasty = new BlockingStream(Duration.ofMillis(10));
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket silent = connect(listener, hasty)) {
            silent.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> hasty.input().read())
                    .withMessageContaining("10 ms");
        }
    }

    @Test
    void aWriteWaitsWhileThePeerDoesNotRead() throws Exception {
        byte[] much = new byte[20 << 20];
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            try {
                stream.output().write(much);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(peer.getInputStream().readNBytes(much.length)).hasSize(much.length);
        written.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aClosedConnectionEndsAWaitUnderWay() throws Exception {
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return stream.input().read();
            } catch (IOException e) {
                return -2;
            }
        });
        socket.abort();
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(-2);
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> stream.input().read());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void onThePollingThreadItIsRefused() {
        CompletableFuture<Integer> read = new CompletableFuture<>();
        socket.queue().execute(() -> {
            try {
                read.complete(stream.input().read());
            } catch (IOException | RuntimeException e) {
                read.completeExceptionally(e);
            }
        });
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> read.get(10, TimeUnit.SECONDS))
                .withCauseInstanceOf(IllegalStateException.class);
    }
}
