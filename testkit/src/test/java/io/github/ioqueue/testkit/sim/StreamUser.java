package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One side of a connection: sends numbered messages, reads the other's, cancels, ends and closes at random. */
final class StreamUser implements SimUser {

    private static final int MOST_PENDING = 6;

    private final Simulation simulation;
    private final int number;
    private final IoKey key;
    private final Frames frames;
    private final List<Message> pending = new ArrayList<>();
    private final List<Integer> written = new ArrayList<>();
    private final ReadOp read = new ReadOp();
    private int nextId;
    private boolean reading;
    private boolean ended;
    private @Nullable SocketAddress local;
    private @Nullable SocketAddress remote;

    private static final class Message extends WriteOp {
        final int id;

        Message(int id, ByteBuffer bytes) {
            super(bytes);
            this.id = id;
        }
    }

    private StreamUser(Simulation simulation, IoSocket socket) throws IOException {
        this.simulation = simulation;
        this.number = simulation.size();
        this.frames = new Frames(simulation::violated);
        this.key = register(simulation.queue, socket);
    }

    private IoKey register(IoQueue queue, IoSocket socket) throws IOException {
        try {
            return queue.register(socket, this);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static StreamUser connect(Simulation simulation, IoSocket socket, SocketAddress address) throws IOException {
        StreamUser user = new StreamUser(simulation, socket);
        ConnectOp connect = new ConnectOp(address);
        simulation.submitted();
        if (user.key.submit(connect) == Submission.DONE) {
            user.onConnectComplete(user.key, connect);
        }
        return user;
    }

    static void accepted(Simulation simulation, IoSocket socket) throws IOException {
        StreamUser user = new StreamUser(simulation, socket);
        user.open();
        simulation.joined(user);
        user.act();
    }

    private void open() {
        local = key.socket().localAddress();
        remote = key.socket().remoteAddress();
    }

    // ---- what it does

    @Override
    public void act() {
        if (key.isClosed()) {
            return;
        }
        switch (simulation.random.nextInt(16)) {
            case 0 -> key.cancel(pending.isEmpty() || simulation.oneIn(3) ? read : anyPending());
            case 1 -> {
                if (simulation.oneIn(6)) {
                    key.shutdownOutput();
                }
            }
            case 2 -> {
                if (simulation.oneIn(8)) {
                    closeSomehow();
                }
            }
            case 3, 4, 5, 6 -> read();
            case 7 -> holdSome();
            default -> send(message());
        }
    }

    private IoOp anyPending() {
        return pending.get(simulation.random.nextInt(pending.size()));
    }

    private void closeSomehow() {
        if (simulation.oneIn(3)) {
            try {
                key.socket().option(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                simulation.explained(e);
            }
        }
        key.close();
    }

    private Message message() {
        int most = simulation.oneIn(4) ? Math.min(3000, 40 * simulation.capacity) : 30;
        int length = simulation.random.nextInt(most);
        int size = Frames.size(length);
        ByteBuffer bytes = simulation.oneIn(2) ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
        Message message = new Message(nextId++, bytes);
        Frames.fill(bytes, number, message.id, length);
        message.alwaysAsync(simulation.oneIn(5));
        return message;
    }

    private void send(Message message) {
        if (pending.size() >= MOST_PENDING) {
            return;
        }
        simulation.submitted();
        pending.add(message);
        if (key.submit(message) == Submission.DONE) {
            written(message);
        }
    }

    /** Sends a few together: they have their places, and go when the first is released. */
    private void holdSome() {
        if (!simulation.queue.inLoop() || pending.size() >= MOST_PENDING) {
            return;
        }
        List<Message> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Message message = message();
            simulation.submitted();
            pending.add(message);
            if (key.hold(message)) {
                held.add(message);
            } else {
                pending.remove(message);
            }
        }
        for (int i = held.size() - 1; i >= 0; i--) {
            if (key.release(held.get(i)) == Submission.DONE) {
                written(held.get(i));
            }
        }
    }

    private void written(Message message) {
        simulation.expect(pending.remove(message), "R2: message " + message.id + " completes again");
        IOException failure = message.failure();
        if (failure == null) {
            written.add(message.id);
        } else {
            simulation.explained(failure);
        }
    }

    private void read() {
        while (!reading && !ended && !key.isClosed()) {
            reading = true;
            prepareRead();
            simulation.submitted();
            if (key.submit(read) == Submission.PENDING || !readDone()) {
                return;
            }
        }
    }

    private void prepareRead() {
        if (simulation.oneIn(2)) {
            read.lend();
        } else {
            int size = 1 + simulation.random.nextInt(3000);
            read.into(simulation.oneIn(2) ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size));
        }
    }

    /** Takes what was read; answers whether there may be more. */
    private boolean readDone() {
        reading = false;
        IOException failure = read.failure();
        if (failure != null) {
            simulation.explained(failure);
        } else if (read.isEnd()) {
            ended = true;
        } else {
            frames.take(read.isLending() ? read.buffer() : read.buffer().flip());
        }
        return failure == null;
    }

    // ---- what it hears

    @Override
    public void onConnectComplete(IoKey k, ConnectOp op) {
        IOException failure = op.failure();
        if (failure != null) {
            simulation.explained(failure);
        } else {
            open();
        }
    }

    @Override
    public void onReadComplete(IoKey k, ReadOp op) {
        if (readDone() && (simulation.isFinishing() || !simulation.oneIn(8))) {
            read();
        }
    }

    @Override
    public void onWriteComplete(IoKey k, WriteOp op) {
        if (!(op instanceof Message message)) {
            return;
        }
        written(message);
        if (!simulation.isFinishing() && simulation.oneIn(4)) {
            act();
        }
    }

    // ---- the end

    @Override
    public void sendBeside() {
        if (remote != null) {
            key.submit(new WriteOp(ByteBuffer.allocate(2)));
        }
    }

    @Override
    public void goOnReading() {
        read();
    }

    @Override
    public void finish() {
        key.shutdownOutput();
        read();
    }

    @Override
    public void close() {
        key.close();
    }

    /**
     * Where the stream came to its end, every message that was written has come, and no other; {@link Frames} watches their
     * order. That of the outcomes is another: a DONE of another thread's may be seen before a callback that is due (R3).
     */
    @Override
    public void judge() {
        simulation.expect(pending.isEmpty(), "R2: messages without an outcome: " + pending.size());
        for (SimUser user : simulation.users()) {
            if (ended
                    && remote != null
                    && user instanceof StreamUser peer
                    && remote.equals(peer.local)
                    && Objects.equals(local, peer.remote)) {
                List<Integer> written = peer.written.stream().sorted().toList();
                simulation.expect(
                        written.equals(frames.received()),
                        "lost or invented: written " + written + ", received " + frames.received());
            }
        }
    }

    @Override
    public String toString() {
        return key.explain();
    }
}
