package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.SendOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Sends numbered datagrams to its partner and receives the partner's, sometimes with too little room. */
final class DatagramUser implements SimUser {

    /** No more in all than a receiver's queue holds: so none is lost for want of room. */
    private static final int MOST = 60;

    private final Simulation simulation;
    private final IoKey key;
    private final InetSocketAddress partner;
    private final ReceiveOp receive = new ReceiveOp();
    private final List<Integer> sent = new ArrayList<>();
    private final List<Integer> received = new ArrayList<>();
    private int nextId;
    private boolean receiving;

    private static final class Datagram extends SendOp {
        final int id;

        Datagram(int id, ByteBuffer bytes, InetSocketAddress to) {
            super(bytes, to);
            this.id = id;
        }
    }

    DatagramUser(Simulation simulation, IoSocket socket, InetSocketAddress partner) throws IOException {
        this.simulation = simulation;
        this.partner = partner;
        this.key = simulation.queue.register(socket, this);
    }

    @Override
    public void act() {
        int verb = simulation.random.nextInt(8);
        if (verb == 0) {
            key.cancel(receive);
        } else if (verb < 3) {
            receive();
        } else if (nextId < MOST) {
            send();
        }
    }

    private void send() {
        int id = nextId++;
        int length = id % 40;
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put((byte) id);
        }
        Datagram datagram = new Datagram(id, bytes.flip(), partner);
        simulation.submitted();
        if (key.submit(datagram) == Submission.DONE) {
            sent(datagram);
        }
    }

    private void sent(Datagram datagram) {
        IOException failure = datagram.failure();
        if (failure == null) {
            sent.add(datagram.id);
        } else {
            simulation.explained(failure);
        }
    }

    private void receive() {
        while (!receiving && !key.isClosed()) {
            receiving = true;
            if (simulation.oneIn(2)) {
                receive.lend();
            } else {
                receive.into(ByteBuffer.allocate(1 + simulation.random.nextInt(60)));
            }
            simulation.submitted();
            if (key.submit(receive) == Submission.PENDING || !received()) {
                return;
            }
        }
    }

    /** Takes what was received; answers whether there may be more. */
    private boolean received() {
        receiving = false;
        IOException failure = receive.failure();
        if (failure != null) {
            simulation.explained(failure);
            return false;
        }
        ByteBuffer bytes =
                receive.isLending() ? receive.buffer() : receive.buffer().flip();
        simulation.expect(partner.equals(receive.sender()), "a datagram of " + receive.sender());
        simulation.expect(
                receive.isTruncated() ? bytes.remaining() < receive.count() : bytes.remaining() == receive.count(),
                "a datagram of " + receive.count() + " bytes, cut: " + receive.isTruncated() + ", has "
                        + bytes.remaining());
        int id = bytes.hasRemaining() ? bytes.get(0) : 0;
        while (bytes.hasRemaining()) {
            simulation.expect(bytes.get() == (byte) id, "a wrong byte in datagram " + id);
        }
        received.add(receive.count());
        return true;
    }

    @Override
    public void onReadComplete(IoKey k, ReadOp op) {
        if (received() && (simulation.isFinishing() || !simulation.oneIn(8))) {
            receive();
        }
    }

    @Override
    public void onWriteComplete(IoKey k, WriteOp op) {
        sent((Datagram) op);
    }

    @Override
    public void goOnReading() {
        receive();
    }

    @Override
    public void finish() {
        receive();
    }

    @Override
    public void close() {
        key.close();
    }

    /** Nothing is lost or invented but by the network. */
    @Override
    public void judge() {
        for (SimUser user : simulation.users()) {
            if (user instanceof DatagramUser other && other != this) {
                boolean lossy = simulation.faults().of(Fault.LOST) > 0 || simulation.hasEnded();
                boolean doubling = simulation.faults().of(Fault.TWICE) > 0;
                simulation.expect(
                        (lossy || received.size() >= other.sent.size())
                                && (doubling || received.size() <= other.sent.size()),
                        other.sent.size() + " datagrams sent, " + received.size() + " received");
            }
        }
    }
}
