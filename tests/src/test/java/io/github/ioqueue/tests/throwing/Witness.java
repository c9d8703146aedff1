package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.framing.FrameHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A handler of one connection, of bytes or of lines: notes what it is called with, and echoes if it is to. */
final class Witness implements StreamHandler, FrameHandler {

    private final boolean echoes;
    private final List<String> calls = new ArrayList<>();
    private final List<WriteOp> sent = new ArrayList<>();
    private @Nullable StreamSocket socket;
    private @Nullable CloseReason reason;
    private long received;

    /** Its next data makes it throw this. */
    @Nullable RuntimeException throwsOnData;

    Witness(boolean echoes) {
        this.echoes = echoes;
    }

    /** A line to send. */
    static ByteBuffer line() {
        return ByteBuffer.wrap("a line\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Its socket; null before it was opened. */
    @Nullable StreamSocket socket() {
        return socket;
    }

    long received() {
        return received;
    }

    /** Why it was closed; null while it is not. */
    @Nullable CloseReason reason() {
        return reason;
    }

    boolean wasClosed() {
        return reason != null;
    }

    /** How often the op was told as complete. */
    long toldOf(WriteOp op) {
        return sent.stream().filter(each -> each == op).count();
    }

    /** What was called against the grammar of callbacks. */
    List<String> violations() {
        int first = calls.indexOf("onClosed");
        List<String> late = first < 0 ? List.of() : calls.subList(first + 1, calls.size());
        return late.isEmpty() ? List.of() : List.of("called behind onClosed: " + late);
    }

    private void called(String method, StreamSocket with) {
        calls.add(method);
        socket = with;
    }

    @Override
    public void onOpen(StreamSocket opened) {
        called("onOpen", opened);
    }

    @Override
    public void onData(StreamSocket from, ByteBuffer in) {
        called("onData", from);
        RuntimeException thrown = throwsOnData;
        if (thrown != null) {
            throwsOnData = null;
            throw thrown;
        }
        received += in.remaining();
        if (echoes) {
            from.send(in);
        } else {
            in.position(in.limit());
        }
    }

    @Override
    public void onFrame(StreamSocket from, ByteBuffer frame) {
        onData(from, frame);
        if (echoes) {
            from.send(ByteBuffer.wrap("\n".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Override
    public void onEnd(StreamSocket from) {
        called("onEnd", from);
        from.close();
    }

    @Override
    public void onWritable(StreamSocket from) {
        called("onWritable", from);
    }

    @Override
    public void onSent(StreamSocket from, WriteOp op) {
        called("onSent", from);
        sent.add(op);
    }

    @Override
    public void onOutputEnded(StreamSocket from) {
        called("onOutputEnded", from);
    }

    @Override
    public void onDrain(StreamSocket from) {
        called("onDrain", from);
    }

    @Override
    public void onClosed(StreamSocket from, CloseReason why) {
        called("onClosed", from);
        reason = why;
    }

    @Override
    public String toString() {
        return calls + " " + reason + (socket == null ? "" : "; " + socket.explain());
    }
}
