package io.github.ioqueue.activesock;

import io.github.ioqueue.WriteOp;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A handler that writes down what it is told, and does as the test says. */
final class Recorder implements StreamHandler {

    BiConsumer<StreamSocket, ByteBuffer> data = (socket, in) -> take(in, in.remaining());
    Consumer<StreamSocket> open = socket -> {};
    Consumer<StreamSocket> end = StreamSocket::close;
    Consumer<StreamSocket> drain = StreamSocket::close;
    Consumer<StreamSocket> writable = socket -> {};
    BiConsumer<StreamSocket, WriteOp> onSent = (socket, op) -> {};

    final ByteArrayOutputStream in = new ByteArrayOutputStream();
    final List<WriteOp> sent = new ArrayList<>();
    final List<String> late = new ArrayList<>();

    @Nullable StreamSocket socket;

    @Nullable CloseReason reason;

    boolean opened;
    boolean ended;
    int drains;
    boolean expectClose = true;
    int dataCalls;
    int writables;
    int closedCount;

    /** Takes so many bytes and keeps them. */
    void take(ByteBuffer from, int n) {
        byte[] bytes = new byte[n];
        from.get(bytes);
        in.writeBytes(bytes);
    }

    CloseReason.Kind kind() {
        return java.util.Objects.requireNonNull(reason).kind();
    }

    StreamSocket socket() {
        return java.util.Objects.requireNonNull(socket);
    }

    boolean closed() {
        return closedCount > 0;
    }

    private void told(String what) {
        if (closed()) {
            late.add(what);
        }
    }

    @Override
    public void onOpen(StreamSocket s) {
        told("onOpen");
        opened = true;
        socket = s;
        open.accept(s);
    }

    @Override
    public void onData(StreamSocket s, ByteBuffer bytes) {
        told("onData");
        dataCalls++;
        data.accept(s, bytes);
    }

    @Override
    public void onEnd(StreamSocket s) {
        told("onEnd");
        ended = true;
        end.accept(s);
    }

    @Override
    public void onDrain(StreamSocket s) {
        told("onDrain");
        drains++;
        drain.accept(s);
    }

    @Override
    public void onWritable(StreamSocket s) {
        told("onWritable");
        writables++;
        writable.accept(s);
    }

    @Override
    public void onSent(StreamSocket s, WriteOp op) {
        told("onSent");
        sent.add(op);
        onSent.accept(s, op);
    }

    @Override
    public void onClosed(StreamSocket s, CloseReason why) {
        told("onClosed");
        closedCount++;
        reason = why;
    }

    @Override
    public String toString() {
        return "Recorder[opened " + opened + ", " + in.size() + " bytes in, " + sent.size() + " sent, " + writables
                + " writables, ended " + ended + ", closed " + closedCount + " " + reason + ", " + socket + "]";
    }
}
