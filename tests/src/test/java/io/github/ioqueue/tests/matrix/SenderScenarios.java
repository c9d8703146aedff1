package io.github.ioqueue.tests.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends from several threads. */
final class SenderScenarios {

    private static final int SENDERS = 3;
    private static final int MESSAGES = 100;

    /** A message: who sends it, the how manieth of his it is, and something to carry. */
    private static final int LENGTH = 100;

    private SenderScenarios() {}

    static void severalSenders(World world) throws Exception {
        Sorting server = new Sorting(world);
        ActiveListener listener = world.listen(World.PATIENT, () -> server);
        Shared client = new Shared();
        world.connect(listener, client);
        world.pollUntil(() -> client.socket != null);
        for (int i = 0; i < SENDERS; i++) {
            world.senders().start(MESSAGES, new Sender(client, i));
        }
        world.pollUntil(() -> server.count == SENDERS * MESSAGES);
        world.pollUntil(() -> client.pendingOps.get() == 0);
        client.socket.close();
        world.pollUntil(() -> client.closed != null);
        assertThat(client.closed.kind()).isEqualTo(CloseReason.Kind.LOCAL);
        world.pollUntilServed();
    }

    /** The socket that all send on, which is within its limits all the time. */
    private static final class Shared implements StreamHandler {
        private final AtomicInteger pendingOps = new AtomicInteger();
        private volatile StreamSocket socket;
        private CloseReason closed;

        @Override
        public void onOpen(StreamSocket opened) {
            socket = opened;
        }

        @Override
        public void onData(StreamSocket from, ByteBuffer in) {
            throw new AssertionError("nobody answers");
        }

        @Override
        public void onSent(StreamSocket from, WriteOp op) {
            pendingOps.getAndDecrement();
        }

        @Override
        public void onClosed(StreamSocket from, CloseReason why) {
            closed = why;
        }
    }

    /** Sends its next message, by either kind of send in turn. On a thread of its own, or in turn with others on one. */
    private static final class Sender implements Runnable {
        private final Shared shared;
        private final int id;
        private int next;

        Sender(Shared shared, int id) {
            this.shared = shared;
            this.id = id;
        }

        @Override
        public void run() {
            ByteBuffer message = ByteBuffer.allocate(LENGTH).putInt(0, id).putInt(Integer.BYTES, next++);
            if (next % 2 == 0) {
                if (shared.socket.send(message) != Sent.TAKEN) {
                    throw new AssertionError("refused");
                }
            } else {
                shared.pendingOps.getAndIncrement(); // first: its completion may be faster than this thread (R4)
                switch (shared.socket.send(new WriteOp(message))) {
                    case PENDING -> {}
                    case DONE -> shared.pendingOps.getAndDecrement();
                    case FULL, CLOSED -> throw new AssertionError("refused");
                }
            }
        }
    }

    /** Looks that the messages of each sender come in order. */
    private static final class Sorting implements StreamHandler {
        private final World world;
        private final int[] next = new int[SENDERS];
        private int count;

        Sorting(World world) {
            this.world = world;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            while (in.remaining() >= LENGTH) {
                int id = in.getInt();
                assertThat(in.getInt()).as("of sender %d", id).isEqualTo(next[id]++);
                in.position(in.position() + LENGTH - 2 * Integer.BYTES);
                world.message();
                count++;
            }
        }
    }
}
