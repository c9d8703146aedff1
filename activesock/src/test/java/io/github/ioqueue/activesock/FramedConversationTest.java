package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.activesock.framing.FrameException;
import io.github.ioqueue.activesock.framing.FrameHandler;
import io.github.ioqueue.activesock.framing.Framed;
import io.github.ioqueue.activesock.framing.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames of every kind in every world: sent, cut, echoed and cut again, with hardly room for one of them. */
class FramedConversationTest {

    private static final int MAX = 3000;
    private static final int FRAMES = 100;

    /** With room for every byte, and time for a slow network to take them. */
    private static final StreamConfig PATIENT = StreamConfig.defaults()
            .withMaxQueued(1 << 20, 100_000)
            .withStallTimeout(Duration.ZERO)
            .withCloseTimeout(Duration.ofDays(1));

    static Stream<Arguments> worldsAndFramings() {
        return World.all().flatMap(world -> framings().map(framing -> Arguments.of(world, framing)));
    }

    private static Stream<Framing> framings() {
        return Stream.of(
                Framing.lengthField(2, MAX),
                Framing.lengthField(4, MAX).littleEndian().countingItself(),
                Framing.lines(MAX),
                Framing.delimited("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), MAX),
                Framing.fixed(700));
    }

    /** Just room for one frame, in either direction. */
    private static StreamConfig tight(Framing framing) {
        return framing.fit(StreamConfig.defaults().withMaxUnread(1)).withMaxQueued(framing.maxBytes(), 5);
    }

    /** Letters only; the largest and the smallest there are among them. */
    private static List<ByteBuffer> payloads(Framing framing, Random random) {
        boolean fixed = framing.maxBytes() == 700;
        List<ByteBuffer> payloads = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            int n = fixed ? 700 : i == 7 ? MAX : i == 8 ? 0 : random.nextInt(random.nextBoolean() ? 20 : MAX + 1);
            byte[] bytes = new byte[n];
            for (int at = 0; at < n; at++) {
                bytes[at] = (byte) ('a' + random.nextInt(26));
            }
            payloads.add(ByteBuffer.wrap(bytes));
        }
        return payloads;
    }

    private static ByteBuffer copy(ByteBuffer frame) {
        return ByteBuffer.allocate(frame.remaining()).put(frame).flip();
    }

    /** Echoes. What cannot be sent is kept, for a frame comes once; while it is, no other comes. */
    private static final class Echo implements FrameHandler {
        private final Framing framing;
        private @Nullable ByteBuffer kept;

        Echo(Framing framing) {
            this.framing = framing;
        }

        @Override
        public void onFrame(StreamSocket socket, ByteBuffer frame) {
            assertThat(kept).isNull();
            if (framing.send(socket, frame) == Sent.FULL) {
                kept = copy(frame);
                socket.pauseReading();
            }
        }

        @Override
        public void onWritable(StreamSocket socket) {
            if (kept != null && framing.send(socket, kept) == Sent.TAKEN) {
                kept = null;
                socket.resumeReading();
            }
        }
    }

    private static final class Client implements FrameHandler {
        private final Framing framing;
        private final List<ByteBuffer> out;
        private final List<ByteBuffer> in = new ArrayList<>();
        private int next;
        private @Nullable CloseReason reason;

        Client(Framing framing, List<ByteBuffer> out) {
            this.framing = framing;
            this.out = out;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            onWritable(socket);
        }

        @Override
        public void onWritable(StreamSocket socket) {
            while (next < out.size() && framing.send(socket, out.get(next).duplicate()) == Sent.TAKEN) {
                next++;
            }
        }

        @Override
        public void onFrame(StreamSocket socket, ByteBuffer frame) {
            in.add(copy(frame));
            if (in.size() == out.size()) {
                socket.close();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            reason = why;
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("worldsAndFramings")
    void everyFrameComesBackWholeAndInItsPlace(World world, Framing framing) throws Exception {
        List<ByteBuffer> payloads = payloads(framing, new Random(world.seed() == null ? 1 : world.seed()));
        try (Rig rig = new Rig(world)) {
            Client client = new Client(framing, payloads);
            Echo echo = new Echo(framing);
            ActiveListener listener = Listener.on(Rig.loopback(0))
                    .config(tight(framing))
                    .open(rig.queue, accepted -> new Framed(framing, echo));
            Connector.to(Rig.address(listener)).config(tight(framing)).open(rig.queue, new Framed(framing, client));
            rig.until("it is over", () -> client.reason != null && listener.openConnections() == 0);
            assertThat(client.in).isEqualTo(payloads);
            assertThat(client.reason.kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(rig.errors).isEmpty();
            assertThat(echo.kept).isNull();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("worldsAndFramings")
    void aFrameFedByteByByteIsSeenOnceAndAnEndInsideOneIsTold(World world, Framing framing) throws Exception {
        ByteBuffer payload = payloads(framing, new Random(5)).get(7);
        ByteBuffer stream = ByteBuffer.allocate(2 * framing.maxBytes());
        framing.encode(payload, stream);
        int whole = stream.position();
        framing.encode(payload, stream);
        stream.flip().limit(2 * whole - 1);
        try (Rig rig = new Rig(world)) {
            Client server = new Client(framing, List.of());
            Recorder feeder = rig.recorder();
            ActiveListener listener = Listener.on(Rig.loopback(0))
                    .config(tight(framing))
                    .open(rig.queue, accepted -> new Framed(framing, server));
            Connector.to(Rig.address(listener)).config(PATIENT).open(rig.queue, feeder);
            rig.until("it is open", () -> feeder.opened);
            feed(rig, feeder, stream);
            rig.until("it is over", () -> server.reason != null && feeder.closed());
            assertThat(server.in).containsExactly(payload);
            assertThat(server.reason.kind()).isEqualTo(CloseReason.Kind.TRUNCATED);
            assertThat(server.reason.cause()).isInstanceOf(FrameException.class);
        }
    }

    /** A byte a turn, and one more round than it takes to write it. */
    private static void feed(Rig rig, Recorder feeder, ByteBuffer stream) throws IOException {
        rig.queue.execute(new Runnable() {
            @Override
            public void run() {
                assertThat(feeder.socket().send(stream.slice(stream.position(), 1)))
                        .isEqualTo(Sent.TAKEN);
                stream.position(stream.position() + 1);
                if (stream.hasRemaining()) {
                    rig.queue.execute(this);
                } else {
                    feeder.socket().close();
                }
            }
        });
    }
}
