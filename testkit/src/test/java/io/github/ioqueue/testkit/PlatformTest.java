package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.SendOp;
import io.github.ioqueue.testkit.Modes.Mode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the platform has, as far as it has it: socket options, Unix-domain streams, many idle connections. */
@EveryMode
class PlatformTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();

    PlatformTest(Mode mode, CompletionLedger ledger) {
        lab = Lab.real(mode, ledger);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void everyOptionThatCanBeSetTakesItsOwnValueBack() throws Exception {
        try (IoSocket stream = lab.queue.openStream();
                IoSocket listener = lab.queue.openListener();
                IoSocket datagram = lab.queue.openDatagram()) {
            for (IoSocket socket : List.of(stream, listener, datagram)) {
                assertThat(socket.supportedOptions()).isNotEmpty();
                for (SocketOption<?> option : socket.supportedOptions()) {
                    takesItsValueBack(socket, option);
                }
            }
        }
    }

    private static <T> void takesItsValueBack(IoSocket socket, SocketOption<T> option) throws Exception {
        T value = socket.option(option);
        if (value instanceof Boolean || (value instanceof Integer size && size > 0 && !isSize(option))) {
            socket.option(option, value);
            assertThat(socket.option(option)).as("%s", option).isEqualTo(value);
        } else if (isSize(option)) {
            socket.option(option, option.type().cast(8192));
            assertThat((Integer) socket.option(option)).isGreaterThanOrEqualTo(8192);
        }
    }

    private static boolean isSize(SocketOption<?> option) {
        return option.equals(StandardSocketOptions.SO_RCVBUF) || option.equals(StandardSocketOptions.SO_SNDBUF);
    }

    @Test
    void bytesGoBothWaysOverAUnixDomainSocket(@TempDir Path folder) throws Exception {
        IoSocket listener = IoSocket.openListener(lab.queue.config().backend(), StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(folder.resolve("s")));
        SocketAddress address = listener.localAddress();
        Loopback pair = new Loopback(
                lab, listener, IoSocket.openStream(lab.queue.config().backend(), StandardProtocolFamily.UNIX));
        for (List<IoKey> way : List.of(List.of(pair.near, pair.far), List.of(pair.far, pair.near))) {
            ReadOp read = Bytes.read(100);
            lab.submit(way.get(1), read);
            lab.submit(way.get(0), Bytes.write("over a file"));
            lab.until(() -> !read.isPending());
            assertThat(Bytes.text(read)).isEqualTo("over a file");
        }
        assertThat(pair.near.socket().remoteAddress()).isEqualTo(address);
        ReadOp read = Bytes.read(100);
        lab.submit(pair.far, read);
        lab.inLoop(pair.near::shutdownOutput);
        lab.until(() -> !read.isPending());
        assertThat(read.isEnd()).isTrue();
    }

    @Test
    void datagramsGoOverVersionSix() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "the machine speaks IPv6");
        IoKey to = lab.queue.register(lab.queue.openDatagram().bind(new InetSocketAddress(loopback, 0)), recorder);
        IoKey from = lab.queue.register(lab.queue.openDatagram(), recorder);
        ReceiveOp receive = new ReceiveOp(ByteBuffer.allocate(10));
        SendOp send = new SendOp(Bytes.of("six"), to.socket().localAddress());
        lab.submit(to, receive);
        lab.submit(from, send);
        lab.until(() -> !receive.isPending());
        assertThat(Bytes.text(receive)).isEqualTo("six");
        assertThat(((InetSocketAddress) receive.sender()).getAddress()).isEqualTo(loopback);
    }

    @Test
    void aThousandIdleConnectionsCostNoPollsBesideTheTimers() {
        for (int i = 0; i < 500; i++) {
            Loopback pair = new Loopback(lab);
            lab.submit(pair.near, new ReadOp());
            lab.submit(pair.far, new ReadOp());
        }
        lab.settle();
        int[] timers = new int[1];
        lab.inLoop(() -> {
            for (int i = 1; i <= 5; i++) {
                lab.queue.schedule(TimeUnit.MILLISECONDS.toNanos(20L * i), () -> timers[0]++);
            }
        });
        long before = lab.calls.polls();
        while (timers[0] < 5) {
            lab.queue.poll(TimeUnit.SECONDS.toNanos(5));
        }
        // A wait may end a little early, for selectors count in milliseconds: then there is another.
        assertThat(lab.calls.polls() - before).isLessThanOrEqualTo(2 * 5);
        assertThat(recorder.completed).isEmpty();
    }
}
