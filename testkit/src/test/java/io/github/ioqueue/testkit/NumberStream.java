package io.github.ioqueue.testkit;

import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.nio.ByteBuffer;

/** The numbers from 0 on over a connection, by several writes and several reads that are pending at a time. */
final class NumberStream {

    private static final int PER_WRITE = 4;

    private final Loopback pair;
    private final int count;
    private final int ops;
    private int sent;
    private int received;
    private int partial;
    private int partialBytes;
    private int firstWrong = -1;

    NumberStream(Loopback pair, int count, int ops) {
        this.pair = pair;
        this.count = count;
        this.ops = ops;
        pair.nearRecorder.then((key, op) -> write((WriteOp) op));
        pair.farRecorder.then((key, op) -> {
            take((ReadOp) op);
            read((ReadOp) op);
        });
    }

    void start() {
        for (int i = 0; i < ops; i++) {
            read(Bytes.read(PER_WRITE * Integer.BYTES));
            write(new WriteOp());
        }
    }

    private void write(WriteOp op) {
        do {
            if (sent == count) {
                return;
            }
            ByteBuffer numbers = ByteBuffer.allocate(PER_WRITE * Integer.BYTES);
            for (int i = 0; i < PER_WRITE; i++) {
                numbers.putInt(sent++);
            }
            op.buffer(numbers.flip());
        } while (pair.near.submit(op) == Submission.DONE);
    }

    private void read(ReadOp op) {
        op.buffer().clear();
        while (received < count && !pair.far.isClosed() && pair.far.submit(op) == Submission.DONE) {
            take(op);
            op.buffer().clear();
        }
    }

    private void take(ReadOp op) {
        ByteBuffer bytes = op.buffer().flip();
        while (bytes.hasRemaining()) {
            partial = partial << 8 | (bytes.get() & 0xff);
            if (++partialBytes == Integer.BYTES) {
                firstWrong = firstWrong < 0 && partial != received ? received : firstWrong;
                received++;
                partialBytes = 0;
            }
        }
    }

    boolean isDone() {
        return received == count;
    }

    /** Where the sequence is broken first; negative if it is not. */
    int firstWrong() {
        return firstWrong;
    }
}
