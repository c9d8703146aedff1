package io.github.ioqueue.testkit;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes down its callbacks, and then does what the test wants done inside them. Read it while nobody polls. */
class Recorder implements IoHandler {

    /** The ops completed by a callback, in their order; a resubmitted op more than once. */
    final List<IoOp> completed = new ArrayList<>();

    /** How often {@code onClosed} came. */
    int closed;

    private BiConsumer<IoKey, IoOp> then = (key, op) -> {};
    private Consumer<IoKey> whenClosed = key -> {};
    private Consumer<IoKey> whenDrained = IoKey::close;

    /** Has this done inside every completion. */
    Recorder then(BiConsumer<IoKey, IoOp> action) {
        then = action;
        return this;
    }

    /** Has this done inside {@code onClosed}. */
    Recorder whenClosed(Consumer<IoKey> action) {
        whenClosed = action;
        return this;
    }

    /** Has this done inside {@code onDrain}, in place of closing. */
    Recorder whenDrained(Consumer<IoKey> action) {
        whenDrained = action;
        return this;
    }

    @Override
    public void onDrain(IoKey key) {
        whenDrained.accept(key);
    }

    private void record(IoKey key, IoOp op) {
        completed.add(op);
        then.accept(key, op);
    }

    @Override
    public void onReadComplete(IoKey key, ReadOp op) {
        record(key, op);
    }

    @Override
    public void onWriteComplete(IoKey key, WriteOp op) {
        record(key, op);
    }

    @Override
    public void onAcceptComplete(IoKey key, AcceptOp op) {
        record(key, op);
    }

    @Override
    public void onConnectComplete(IoKey key, ConnectOp op) {
        record(key, op);
    }

    @Override
    public void onClosed(IoKey key) {
        closed++;
        whenClosed.accept(key);
    }
}
