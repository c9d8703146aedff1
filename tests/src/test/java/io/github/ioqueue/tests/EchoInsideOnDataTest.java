package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.testkit.CallCounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that are echoed inside onData while kernel buffers are too small for them: none may be lost or hang. */
class EchoInsideOnDataTest {

    private static final int MESSAGE = 512;

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
        run(buffer, track, noDelay, 200);
        run(buffer, track, noDelay, 2000);
    }

    @Tag("slow")
    @ParameterizedTest(name = "buffers {0}, fast track {1}, no delay {2}")
    @MethodSource("conditions")
    void everyByteOfManyComesBack(int buffer, FastTrack track, boolean noDelay) throws Exception {
        run(buffer, track, noDelay, 20_000);
    }

    private static void run(int buffer, FastTrack track, boolean noDelay, int messages) throws Exception {
        System.out.println("fast track " + track);
        CallCounter calls = new CallCounter();
        IoQueueConfig config =
                IoQueueConfig.builder().fastTrack(track).probe(calls).build();
        StreamConfig stream =
                StreamConfig.defaults().withMaxQueued(64 << 10, 100).withNoDelay(noDelay);
        try (IoQueueGroup group = IoQueueGroup.open(1, config);
                ActiveListener listener = listener(buffer, stream, group);
                Socket peer = new Socket()) {
            if (buffer > 0) {
                peer.setReceiveBufferSize(buffer);
                peer.setSendBufferSize(buffer);
            }
            peer.setTcpNoDelay(noDelay);
            peer.setSoTimeout(20_000);
            peer.connect(EchoServer.address(listener));
            byte[] out = pattern(messages * MESSAGE);
            Thread writer = new Thread(() -> write(peer, out));
            writer.start();
            if (buffer > 0 && messages >= 2000 && track.equals(FastTrack.ON)) {
                // Nothing is read before a write was left unfinished: the pending path is taken for sure. With the fast
                // track off every write takes it.
                Awaitility.await().until(() -> calls.unfinished(OpKind.WRITE) > 0);
            }
            byte[] in = peer.getInputStream().readNBytes(out.length);
            assertThat(in).isEqualTo(out);
            writer.join();
        }
    }

    private static ActiveListener listener(int buffer, StreamConfig stream, IoQueueGroup group) throws IOException {
        Listener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .config(stream);
        if (buffer > 0) {
            listener.option(StandardSocketOptions.SO_RCVBUF, buffer).option(StandardSocketOptions.SO_SNDBUF, buffer);
        }
        return listener.open(group, socket -> EchoServer.INSTANCE);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 9));
        }
        return bytes;
    }

    private static void write(Socket peer, byte[] out) {
        try {
            for (int at = 0; at < out.length; at += MESSAGE) {
                peer.getOutputStream().write(out, at, MESSAGE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
