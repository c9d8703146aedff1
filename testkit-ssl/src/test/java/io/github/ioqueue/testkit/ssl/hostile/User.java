package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;

/** A user of a socket who does at random all a user may do, and notes what he is told. */
final class User implements StreamHandler {

    /** Who hears of what is wrong. */
    interface Judge {
        void expect(boolean good, String what);

        /** The user would like to end it in this callback. */
        void endInside();
    }

    private static final int SMALL = 2_000;
    private static final int LARGE = 50_000;

    private final Judge run;
    private final Random random;
    private final Set<WriteOp> pending = Collections.newSetFromMap(new IdentityHashMap<>());
    final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /** All that a send took, in order. */
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    CloseReason closed;
    private boolean opened;
    private boolean ended;
    private boolean takesAll;
    private long completed;

    User(Judge run, Random random) {
        this.run = run;
        this.random = random;
    }

    // ---- what he does

    void send(StreamSocket socket) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? LARGE : SMALL)];
        random.nextBytes(bytes);
        boolean took;
        if (random.nextBoolean()) {
            took = socket.send(ByteBuffer.wrap(bytes)) == Sent.TAKEN;
        } else {
            WriteOp op = new WriteOp(ByteBuffer.wrap(bytes));
            Sending answer = socket.send(op);
            if (answer == Sending.PENDING) {
                pending.add(op);
            } else {
                run.expect(!op.isPending(), answer + ", and the op is pending");
            }
            if (answer == Sending.DONE) {
                run.expect(op.count() == bytes.length, "DONE with " + op.count() + " of " + bytes.length + " bytes");
                completed += bytes.length;
            }
            took = answer == Sending.PENDING || answer == Sending.DONE;
        }
        if (took) {
            sent.writeBytes(bytes);
        }
    }

    /** From now on he takes all there is. */
    void takeAll() {
        takesAll = true;
    }

    boolean isOpen() {
        return opened;
    }

    /** The plaintext of the ops that are complete. */
    long completed() {
        return completed;
    }

    int pendingOps() {
        return pending.size();
    }

    // ---- what he is told

    private void told(String what) {
        run.expect(closed == null, what + " after onClosed");
    }

    @Override
    public void onOpen(StreamSocket socket) {
        told("onOpen");
        run.expect(!opened, "onOpen twice");
        opened = true;
        if (random.nextBoolean()) {
            send(socket);
        }
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        told("onData");
        run.expect(opened && !ended, "onData before onOpen, or after onEnd");
        int n = takesAll || random.nextInt(3) > 0 ? in.remaining() : random.nextInt(in.remaining() + 1);
        byte[] some = new byte[n];
        in.get(some);
        received.writeBytes(some);
        int whim = takesAll ? -1 : random.nextInt(20);
        if (whim == 0) {
            socket.pauseReading();
        } else if (whim < 3 && whim > 0) {
            send(socket);
        } else if (whim == 3) {
            run.endInside();
        }
    }

    @Override
    public void onEnd(StreamSocket socket) {
        told("onEnd");
        run.expect(opened && !ended, "onEnd before onOpen, or twice");
        ended = true;
        if (random.nextBoolean()) {
            send(socket);
        }
        socket.close();
    }

    @Override
    public void onWritable(StreamSocket socket) {
        told("onWritable");
        if (random.nextBoolean()) {
            send(socket);
        }
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        told("onSent");
        run.expect(opened, "onSent before onOpen");
        run.expect(pending.remove(op), "onSent of an op that was not pending");
        run.expect(!op.isPending(), "onSent, and it is still pending");
        if (op.failure() == null) {
            run.expect(!op.buffer().hasRemaining(), "an op is complete with bytes remaining");
            completed += op.count();
        }
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        told("onClosed");
        closed = why;
        long without = opened
                ? pending.size()
                : pending.stream().filter(WriteOp::isPending).count(); // then onClosed alone comes
        run.expect(without == 0, without + " ops are without their completion");
    }
}
