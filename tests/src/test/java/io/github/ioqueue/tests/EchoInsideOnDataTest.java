package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.testkit.CompletionLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages that are echoed inside onData while kernel buffers are too small for them: none may be lost or hang. With small
 * buffers nothing is read before the server has been refused as full: so much is pending then, in every mode.
 */
class EchoInsideOnDataTest {

    static Stream<Arguments> conditions() {
        List<Arguments> all = new ArrayList<>();
        for (int buffer : new int[] {4096, 9000, 20_000, 50_000, 0}) {
            for (FastTrack track : List.of(
                    FastTrack.ON, FastTrack.OFF, FastTrack.random(Long.getLong("test.seed", System.nanoTime())))) {
                all.add(Arguments.of(buffer, track, true));
                all.add(Arguments.of(buffer, track, false));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "buffers {0}, fast track {1}, no delay {2}")
    @MethodSource("conditions")
    void everyByteComesBack(int buffer, FastTrack track, boolean noDelay) throws Exception {
        run(buffer, track, noDelay, 200, 4096);
        run(buffer, track, noDelay, 2000, 512);
    }

    @Tag("slow")
    @ParameterizedTest(name = "buffers {0}, fast track {1}, no delay {2}")
    @MethodSource("conditions")
    void everyByteOfManyComesBack(int buffer, FastTrack track, boolean noDelay) throws Exception {
        run(buffer, track, noDelay, 20_000, 512);
    }

    private static void run(int buffer, FastTrack track, boolean noDelay, int messages, int size) throws Exception {
        System.out.println("fast track " + track);
        CompletionLedger ledger = new CompletionLedger();
        AtomicInteger refusals = new AtomicInteger();
        IoQueueConfig config =
                IoQueueConfig.builder().fastTrack(track).probe(ledger).build();
        StreamConfig stream =
                StreamConfig.defaults().withMaxQueued(64 << 10, 100).withNoDelay(noDelay);
        IoQueueGroup group = IoQueueGroup.open(1, config);
        try (group;
                ActiveListener listener = listener(buffer, stream, group, refusals);
                Socket peer = connect(buffer, noDelay, listener)) {
            byte[] out = pattern(messages * size);
            Thread writer = new Thread(() -> write(peer, out, size));
            writer.start();
            if (buffer > 0) {
                Awaitility.await("the server is refused").until(() -> refusals.get() > 0);
            }
            byte[] in = peer.getInputStream().readNBytes(out.length);
            assertThat(in).isEqualTo(out);
            writer.join();
        }
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        ledger.verify();
        if (buffer > 0) {
            assertThat(ledger.callbacks(OpKind.WRITE))
                    .as("writes that were pending")
                    .isPositive();
        }
    }

    private static Socket connect(int buffer, boolean noDelay, ActiveListener listener) throws IOException {
        Socket peer = new Socket();
        if (buffer > 0) {
            peer.setReceiveBufferSize(buffer);
            peer.setSendBufferSize(buffer);
        }
        peer.setTcpNoDelay(noDelay);
        peer.setSoTimeout(20_000);
        peer.connect(EchoServer.address(listener));
        return peer;
    }

    private static ActiveListener listener(int buffer, StreamConfig stream, IoQueueGroup group, AtomicInteger refusals)
            throws IOException {
        Listener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .config(stream);
        if (buffer > 0) {
            listener.option(StandardSocketOptions.SO_RCVBUF, buffer).option(StandardSocketOptions.SO_SNDBUF, buffer);
        }
        return listener.open(group, accepted -> new StreamHandler() {
            @Override
            public void onData(StreamSocket socket, ByteBuffer in) {
                if (socket.send(in) == Sent.FULL) {
                    refusals.incrementAndGet();
                    socket.pauseReading();
                }
            }

            @Override
            public void onWritable(StreamSocket socket) {
                socket.resumeReading();
            }
        });
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 9));
        }
        return bytes;
    }

    private static void write(Socket peer, byte[] out, int size) {
        try {
            for (int at = 0; at < out.length; at += size) {
                peer.getOutputStream().write(out, at, size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
