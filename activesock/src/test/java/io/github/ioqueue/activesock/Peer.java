package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * The other end of a connection under test: a blocking socket of the JDK; or, in a simulated world, a socket of ours on a
 * queue of its own. It does not read before it is told to, and closes when it has read to the end.
 */
interface Peer extends AutoCloseable {

    static Peer connect(Rig rig, SocketAddress address) throws IOException {
        return rig.network() == null ? new Real(address) : new Simulated(rig.network(), address);
    }

    boolean isOpen();

    void write(int value) throws IOException;

    void shutdownOutput() throws IOException;

    void reset() throws IOException;

    /** Begins to read. */
    void read();

    /** Lets it do what it has to do. */
    default void poll() {}

    /** Reads to the end and tells which it was. */
    String saw();

    @Override
    void close() throws IOException;

    /** A socket of the JDK. */
    final class Real implements Peer {
        private final Socket socket = new Socket();
        private final Thread reader = new Thread(this::readToTheEnd);
        private volatile String saw = "(its own doing)";

        private Real(SocketAddress address) throws IOException {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(10_000);
            socket.connect(address);
        }

        private void readToTheEnd() {
            try {
                socket.getInputStream().readAllBytes();
                socket.close();
                saw = "the end";
            } catch (IOException e) {
                saw = "a reset";
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void write(int value) throws IOException {
            socket.getOutputStream().write(value);
        }

        @Override
        public void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void read() {
            if (!socket.isClosed() && reader.getState() == Thread.State.NEW) {
                reader.start();
            }
        }

        @Override
        public String saw() {
            read();
            try {
                reader.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return saw;
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
        private boolean own;

        private Simulated(SimulatedNetwork network, SocketAddress address) throws IOException {
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(network)
                    .nanoClock(network.clock())
                    .build());
            recorder.open = StreamSocket::pauseReading;
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
            return own ? "(its own doing)" : recorder.ended ? "the end" : "a reset";
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
