package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.testkit.PeerTruth;
import io.github.ioqueue.testkit.PeerTruth.End;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * The other end of a connection under test: a blocking socket of the JDK; or, in a simulated world, an ioqueue socket
 * on a queue of its own. It reads from the call of its read method on, and closes at the end of its input. A {@link PeerTruth}
 * records what its application receives.
 */
interface Peer extends AutoCloseable {

    String OWN_DOING = "(its own doing)";

    static Peer connect(Rig rig, SocketAddress address, PeerTruth truth) throws IOException {
        return rig.network() == null ? real(address, truth) : new Simulated(rig.network(), address, truth);
    }

    static Peer real(SocketAddress address, PeerTruth truth) throws IOException {
        return new Real(address, truth);
    }

    boolean isOpen();

    void write(int value) throws IOException;

    void shutdownOutput() throws IOException;

    void reset() throws IOException;

    /** Begins to read. */
    void read();

    /** Lets it do what it has to do. */
    default void poll() {}

    /** Reads to the end and returns what its application has seen. */
    String saw();

    @Override
    void close() throws IOException;

    /** A socket of the JDK. */
    final class Real implements Peer {
        private final SocketChannel socket;
        private final Thread reader = new Thread(this::readToTheEnd, "peer");
        private final PeerTruth truth;
        private boolean own;

        private Real(SocketAddress address, PeerTruth truth) throws IOException {
            this.truth = truth;
            boolean inet = address instanceof InetSocketAddress;
            socket = SocketChannel.open(inet ? StandardProtocolFamily.INET : StandardProtocolFamily.UNIX);
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            socket.connect(address);
        }

        private void readToTheEnd() {
            ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
            try (socket) {
                for (int n = socket.read(bytes); n >= 0; n = socket.read(bytes.clear())) {
                    truth.received(n);
                }
                truth.ended(End.CLEAN);
            } catch (IOException e) {
                truth.ended(End.RESET);
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void write(int value) throws IOException {
            socket.write(ByteBuffer.allocate(1).put((byte) value).flip());
        }

        @Override
        public void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void reset() throws IOException {
            own = true;
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        }

        @Override
        public void read() {
            if (!own && reader.getState() == Thread.State.NEW) {
                reader.start();
            }
        }

        @Override
        public String saw() {
            if (own) {
                return OWN_DOING;
            }
            read();
            try {
                TimeUnit.SECONDS.timedJoin(reader, 10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return truth.seen();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A socket of the simulated network. */
    final class Simulated implements Peer {
        private final Recorder recorder = new Recorder();
        private final IoQueue queue;
        private final PeerTruth truth;
        private boolean own;

        private Simulated(SimulatedNetwork network, SocketAddress address, PeerTruth truth) throws IOException {
            this.truth = truth;
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(network)
                    .nanoClock(network.clock())
                    .build());
            recorder.open = StreamSocket::pauseReading;
            recorder.data = (socket, in) -> {
                truth.received(in.remaining());
                in.position(in.limit());
            };
            Connector.to(address).open(queue, recorder);
        }

        @Override
        public boolean isOpen() {
            poll();
            return recorder.opened;
        }

        @Override
        public void write(int value) {
            recorder.socket().send(ByteBuffer.allocate(1).put((byte) value).flip());
        }

        @Override
        public void shutdownOutput() {
            recorder.socket().shutdownOutput();
        }

        @Override
        public void reset() {
            own = true;
            recorder.socket().abort();
        }

        @Override
        public void read() {
            recorder.socket().resumeReading();
        }

        @Override
        public void poll() {
            queue.poll(1_000_000);
        }

        @Override
        public String saw() {
            read();
            for (int round = 0; !recorder.closed(); round++) {
                assertThatItEnds(round);
                poll();
            }
            if (!own) {
                truth.ended(recorder.ended ? End.CLEAN : End.RESET);
            }
            return own ? OWN_DOING : truth.seen();
        }

        private void assertThatItEnds(int round) {
            if (round == 1_000_000) {
                throw new AssertionError("the peer does not end: " + recorder);
            }
        }

        @Override
        public void close() {
            queue.close();
        }
    }
}
