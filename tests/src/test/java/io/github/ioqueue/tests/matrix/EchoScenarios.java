package io.github.ioqueue.tests.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;
import java.util.Random;

/** A server that sends back what comes. */
final class EchoScenarios {

    private static final int LARGE = 100_000;
    private static final int SMALL_MESSAGES = 1000;

    private EchoScenarios() {}

    static void echo(World world) throws Exception {
        ActiveListener listener = world.listen(World.PATIENT, Echo::new);
        Comparing[] clients = new Comparing[2];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new Comparing(world, 1 + world.random().nextInt(60_000), 20_000);
            world.connect(listener, clients[i]);
        }
        for (Comparing client : clients) {
            world.pollUntil(client::isClosed);
            assertThat(client.end()).isEqualTo(CloseReason.Kind.LOCAL);
        }
        world.pollUntilServed();
    }

    /** Compares what comes back, and closes when all is there. */
    private static final class Comparing extends Sending {
        private final World world;
        private int back;

        Comparing(World world, int size, int largestPiece) {
            super(world.random(), size, largestPiece);
            this.world = world;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            back += compare(bytes, back, in);
            if (back == bytes.length) {
                world.message();
                socket.close();
            }
        }
    }

    static void largeMessages(World world) throws Exception {
        ActiveListener listener = world.listen(World.PATIENT, Echo::new);
        Large client = new Large(world);
        world.connect(listener, client);
        world.pollUntil(client::isClosed);
        assertThat(client.end()).isEqualTo(CloseReason.Kind.LOCAL);
        world.pollUntilServed();
    }

    /** Sends the next message when the one before is back. */
    private static final class Large extends Sending {
        private static final int TIMES = 3;

        private final World world;
        private int back;
        private int times;

        Large(World world) {
            super(world.random(), LARGE, Integer.MAX_VALUE);
            this.world = world;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            back += compare(bytes, back, in);
            if (back == LARGE) {
                world.message();
                if (++times == TIMES) {
                    socket.close();
                } else {
                    back = 0;
                    sent = 0;
                    onOpen(socket);
                }
            }
        }
    }

    static void manySmall(World world) throws Exception {
        ActiveListener listener = world.listen(World.PATIENT, Answering::new);
        Counting client = new Counting(world);
        world.connect(listener, client);
        world.pollUntil(() -> client.closed != null);
        assertThat(client.answered).isEqualTo(SMALL_MESSAGES);
        assertThat(client.closed.kind()).isEqualTo(CloseReason.Kind.LOCAL);
        world.pollUntilServed();
    }

    /** Answers each message, a number, with the next number. */
    private static final class Answering implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            while (in.remaining() >= Integer.BYTES) {
                ByteBuffer answer = ByteBuffer.allocate(Integer.BYTES).putInt(0, in.getInt() + 1);
                if (socket.send(answer) != Sent.TAKEN) {
                    throw new AssertionError("a few bytes are refused");
                }
            }
        }
    }

    /** Keeps some messages under way, a random number at a time. */
    private static final class Counting implements StreamHandler {
        private static final int MOST_AT_A_TIME = 30;

        private final World world;
        private final Random random;
        private int asked;
        private int answered;
        private CloseReason closed;

        Counting(World world) {
            this.world = world;
            this.random = world.random();
        }

        @Override
        public void onOpen(StreamSocket socket) {
            ask(socket);
        }

        private void ask(StreamSocket socket) {
            int upTo = Math.min(SMALL_MESSAGES, asked + 1 + random.nextInt(MOST_AT_A_TIME));
            while (asked < upTo) {
                socket.send(ByteBuffer.allocate(Integer.BYTES).putInt(0, asked++));
            }
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            while (in.remaining() >= Integer.BYTES) {
                assertThat(in.getInt()).isEqualTo(++answered);
                world.message();
            }
            if (answered == SMALL_MESSAGES) {
                socket.close();
            } else if (answered == asked) {
                ask(socket);
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            closed = why;
        }
    }

    static void backPressure(World world) throws Exception {
        Echo server = new Echo();
        ActiveListener listener = world.listen(World.PATIENT.withMaxQueued(8000, 8), () -> server);
        NotReading client = new NotReading(world);
        world.connect(listener, client);
        world.pollUntil(() -> server.refused() > 0);
        client.socket.resumeReading();
        world.pollUntil(client::isClosed);
        assertThat(client.end()).isEqualTo(CloseReason.Kind.LOCAL);
        world.pollUntilServed();
    }

    /** Sends more than lies between it and the server, without reading. */
    private static final class NotReading extends Sending {
        private final World world;
        private StreamSocket socket;
        private int back;

        NotReading(World world) {
            super(world.random(), 500_000, 5000);
            this.world = world;
        }

        @Override
        public void onOpen(StreamSocket opened) {
            socket = opened;
            socket.pauseReading();
            super.onOpen(opened);
        }

        @Override
        public void onData(StreamSocket from, ByteBuffer in) {
            back += compare(bytes, back, in);
            if (back == bytes.length) {
                world.message();
                from.close();
            }
        }
    }
}
