package io.github.ioqueue.tests.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamSocket;
import java.nio.ByteBuffer;

/** Ways for a connection to end. */
final class EndScenarios {

    private EndScenarios() {}

    static void halfClose(World world) throws Exception {
        AnsweringAtTheEnd server = new AnsweringAtTheEnd(world);
        Ending client = new Ending(world, server);
        world.connect(world.listen(World.PATIENT, () -> server), client);
        world.pollUntil(() -> client.isClosed() && server.isClosed());
        assertThat(server.received).isEqualTo(client.bytes.length);
        assertThat(client.received).isEqualTo(server.bytes.length);
        assertThat(client.end()).isEqualTo(CloseReason.Kind.PEER_END);
        assertThat(server.end()).isEqualTo(CloseReason.Kind.PEER_END);
        world.pollUntilServed();
    }

    /** Ends its stream behind what it sends, and takes the answer. */
    private static final class Ending extends Sending {
        private final World world;
        private final Sending peer;
        private int received;

        Ending(World world, Sending peer) {
            super(world.random(), 1 + world.random().nextInt(60_000), 20_000);
            this.world = world;
            this.peer = peer;
        }

        @Override
        void allSent(StreamSocket socket) {
            socket.shutdownOutput();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            received += compare(peer.bytes, received, in);
        }

        @Override
        public void onEnd(StreamSocket socket) {
            world.message();
            socket.close();
        }
    }

    /** Takes everything to its end, and only then has something to say. */
    private static final class AnsweringAtTheEnd extends Sending {
        private int received;

        AnsweringAtTheEnd(World world) {
            super(world.random(), 1 + world.random().nextInt(60_000), 20_000);
        }

        @Override
        public void onOpen(StreamSocket socket) {} // later

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            received += in.remaining();
            in.position(in.limit());
        }

        @Override
        public void onEnd(StreamSocket socket) {
            super.onOpen(socket);
        }

        @Override
        void allSent(StreamSocket socket) {
            socket.close();
        }
    }

    static void closeWithPending(World world) throws Exception {
        Closing client = new Closing(world);
        Taking server = new Taking(world, client.bytes);
        world.connect(world.listen(World.PATIENT, () -> server), client);
        world.pollUntil(() -> client.isClosed() && server.isClosed());
        assertThat(server.received).isEqualTo(client.bytes.length);
        assertThat(client.end()).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(server.end()).isEqualTo(CloseReason.Kind.PEER_END);
        world.pollUntilServed();
    }

    /** Closes as soon as all was taken, of which most is not sent. */
    private static final class Closing extends Sending {
        Closing(World world) {
            super(world.random(), 200_000, 50_000);
        }

        @Override
        void allSent(StreamSocket socket) {
            socket.close();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            throw new AssertionError("nobody sends anything");
        }
    }

    /** Takes what comes. */
    private static final class Taking extends Sending {
        private final World world;
        private final byte[] expected;
        private int received;

        Taking(World world, byte[] expected) {
            super(world.random(), 0, 1);
            this.world = world;
            this.expected = expected;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            received += compare(expected, received, in);
            if (received == expected.length) {
                world.message();
            }
        }
    }

    static void reset(World world) throws Exception {
        Echo server = new Echo();
        ActiveListener listener = world.listen(World.PATIENT, () -> server);
        Resetting client = new Resetting(world);
        world.connect(listener, client);
        world.pollUntil(() -> client.isClosed() && server.closed() != null);
        assertThat(client.end()).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(server.closed().kind()).isEqualTo(CloseReason.Kind.RESET);
        world.pollUntilServed();
        EchoScenarios.echo(world);
    }

    /** Sends without end, and resets when something has come back. */
    private static final class Resetting extends Sending {
        private final World world;

        Resetting(World world) {
            super(world.random(), 300_000, 20_000);
            this.world = world;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            compare(bytes, 0, in);
            world.message();
            socket.abort();
        }
    }

    static void echoToTheEnd(World world) throws Exception {
        Echo server = new Echo();
        ActiveListener listener = world.listen(World.PATIENT, () -> server);
        EndingEarly client = new EndingEarly(world);
        world.connect(listener, client);
        world.pollUntil(() -> client.isClosed() && server.closed() != null);
        assertThat(server.closed().kind()).isEqualTo(CloseReason.Kind.PEER_END);
        assertThat(client.end()).isIn(CloseReason.Kind.PEER_END, CloseReason.Kind.TRUNCATED); // it may not read on
        world.pollUntilServed();
    }

    /** Ends its stream before it reads anything. */
    private static final class EndingEarly extends Sending {
        private final World world;
        private int back;

        EndingEarly(World world) {
            super(world.random(), 150_000, 20_000);
            this.world = world;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            socket.pauseReading();
            super.onOpen(socket);
        }

        @Override
        void allSent(StreamSocket socket) {
            socket.shutdownOutput();
            socket.resumeReading();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            back += compare(bytes, back, in);
            if (back == bytes.length) {
                world.message();
            }
        }
    }
}
