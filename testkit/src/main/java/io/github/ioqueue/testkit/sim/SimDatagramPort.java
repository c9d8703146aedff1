package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;

/** A simulated datagram socket. What arrives while its queue is full is lost, as anywhere. */
final class SimDatagramPort extends SimPort implements DatagramPort {

    /** Room for so many datagrams. */
    private static final int QUEUE = 64;

    /** What a datagram can carry over IPv4. */
    private static final int MOST_BYTES = 65_507;

    private record Datagram(SocketAddress sender, ByteBuffer bytes) {}

    private final ArrayDeque<Datagram> waiting = new ArrayDeque<>();

    SimDatagramPort(SimulatedNetwork network) {
        super(network);
    }

    @Override
    public void bind(SocketAddress address) throws IOException {
        local = network.addressFor(address);
        network.listen(local, this);
    }

    @Override
    public int receive(ByteBuffer dst, Consumer<? super SocketAddress> sender) throws IOException {
        call();
        if (waiting.isEmpty() || network.happens(Fault.EMPTY_READ)) {
            return WOULD_BLOCK;
        }
        Datagram datagram = waiting.remove();
        int size = datagram.bytes().remaining();
        dst.put(datagram.bytes().slice(0, Math.min(dst.remaining(), size)));
        sender.accept(datagram.sender());
        return size;
    }

    @Override
    public int send(ByteBuffer src, SocketAddress remote) throws IOException {
        call();
        if (local == null) {
            bind(network.ephemeral());
        }
        if (src.remaining() > MOST_BYTES) {
            throw new IOException("Message too long");
        }
        if (network.happens(Fault.BLOCKED_WRITE)) {
            return WOULD_BLOCK;
        }
        ByteBuffer bytes = ByteBuffer.allocate(src.remaining()).put(src).flip();
        Datagram datagram = new Datagram(Objects.requireNonNull(local), bytes);
        if (!network.happens(Fault.LOST)) {
            travel(datagram, remote);
            if (network.happens(Fault.TWICE)) {
                travel(datagram, remote);
            }
        }
        return bytes.remaining();
    }

    private void travel(Datagram datagram, SocketAddress remote) {
        long delay = network.delayNanos();
        Runnable arrival = () -> {
            SimDatagramPort to = network.receiver(remote);
            if (to != null) {
                to.arrived(datagram);
            }
        };
        if (delay == 0) {
            arrival.run();
        } else {
            network.timetable().at(network.timetable().now() + delay, arrival);
        }
    }

    private void arrived(Datagram datagram) {
        if (waiting.size() == QUEUE) {
            network.lost();
            return;
        }
        if (!waiting.isEmpty() && network.happens(Fault.OVERTAKEN)) {
            Datagram last = waiting.removeLast();
            waiting.add(datagram);
            waiting.add(last);
        } else {
            waiting.add(datagram);
        }
    }

    @Override
    int readyBits() {
        return Demultiplexer.WRITE | (waiting.isEmpty() ? 0 : Demultiplexer.READ);
    }

    @Override
    void release() {
        network.unlisten(this);
        waiting.clear();
    }
}
