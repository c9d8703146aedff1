package io.github.ioqueue.activesock;

import io.github.ioqueue.WriteOp;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes a handler off the loop: for one that blocks, or computes for long, and would keep all other sockets waiting.
 *
 * <pre>{@code
 * Listener.on(7000).open(group, accepted -> OffLoop.on(executor, new SlowHandler()));
 * }</pre>
 *
 * The handler hears what it would hear on the loop, one call at a time and in the same order, but on the executor's
 * threads, and of bytes that were copied. While it is behind by {@link StreamConfig#maxUnread} bytes reading is paused. The
 * socket it is given may be used on any thread, its {@code unread} and {@code handler} inside the handler's calls.
 *
 * <p>If the executor refuses, the connection is reset, and {@code onClosed} alone still comes, on the loop.
 */
public final class OffLoop implements StreamHandler {

    private final Serial serial;
    private final AtomicInteger held = new AtomicInteger();
    private volatile @Nullable StreamSocket below;
    private volatile boolean pausedBelow;
    private volatile boolean paused;
    private volatile boolean closing;
    private volatile boolean refused;

    // ---- the handler's calls only, one at a time

    private StreamHandler handler;
    private @Nullable OffLoopSocket above;
    private final Leftover unread = new Leftover();
    private boolean ended;
    private boolean newHandler;

    private OffLoop(Executor executor, StreamHandler handler) {
        this.serial = new Serial(executor, this::refused);
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /** A handler for one connection, which has this one called on the executor. */
    public static StreamHandler on(Executor executor, StreamHandler handler) {
        return new OffLoop(Objects.requireNonNull(executor, "executor"), handler);
    }

    // ---- on the loop

    @Override
    public void onOpen(StreamSocket socket) {
        below = socket;
        call(() -> handler.onOpen(above(socket)));
    }

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        if (held.addAndGet(bytes.length) >= socket.config().maxUnread()) {
            socket.pauseReading(); // first: who takes the bytes before these may resume as soon as he sees the mark
            pausedBelow = true; // before these can be taken: who takes them sees it
        }
        call(() -> arrived(socket, bytes));
    }

    @Override
    public void onEnd(StreamSocket socket) {
        call(() -> {
            ended = true;
            deliver(socket);
        });
    }

    @Override
    public void onWritable(StreamSocket socket) {
        call(() -> handler.onWritable(above(socket)));
    }

    @Override
    public void onSent(StreamSocket socket, WriteOp op) {
        call(() -> handler.onSent(above(socket), op));
    }

    @Override
    public void onOutputEnded(StreamSocket socket) {
        call(() -> handler.onOutputEnded(above(socket)));
    }

    @Override
    public void onDrain(StreamSocket socket) {
        call(() -> handler.onDrain(above(socket)));
    }

    @Override
    public void onClosed(StreamSocket socket, CloseReason why) {
        serial.execute(() -> run(socket, () -> handler.onClosed(above(socket), why)));
    }

    private void call(Runnable event) {
        StreamSocket socket = Objects.requireNonNull(below, "onOpen comes first");
        serial.execute(() -> {
            if (!refused) {
                run(socket, event);
            }
        });
    }

    /** What the handler throws costs its connection, and is told to the queue's error handler. */
    private void run(StreamSocket socket, Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            socket.abort(new CloseReason(CloseReason.Kind.FAILED, e));
            socket.queue().report(e);
        }
    }

    private void refused(Throwable e) {
        refused = true;
        StreamSocket socket = below;
        if (socket != null) {
            socket.abort(new CloseReason(CloseReason.Kind.FAILED, e));
        }
    }

    // ---- inside the handler's calls

    private OffLoopSocket above(StreamSocket socket) {
        if (above == null) {
            above = new OffLoopSocket(this, socket);
        }
        return above;
    }

    private void arrived(StreamSocket socket, byte[] bytes) {
        unread.append(ByteBuffer.wrap(bytes));
        deliver(socket);
    }

    private void deliver(StreamSocket socket) {
        boolean offered = offer(socket);
        if (!offered || closing) {
            return;
        }
        if (unread.size() >= socket.config().maxUnread()) {
            socket.abort(CloseReason.remainderFull(unread.size()));
        } else if (ended) {
            ended = false;
            handler.onEnd(above(socket));
        } else if (pausedBelow) {
            pausedBelow = false;
            socket.resumeReading();
        }
    }

    /** Calls the handler while it takes something; answers whether it has seen everything. */
    private boolean offer(StreamSocket socket) {
        boolean goOn = true;
        while (goOn && unread.size() > 0) {
            if (paused || closing) {
                return false;
            }
            int before = unread.size();
            newHandler = false;
            handler.onData(above(socket), unread.bytes());
            held.addAndGet(unread.size() - before);
            goOn = unread.size() < before || newHandler;
        }
        return !paused;
    }

    // ---- for the socket above

    void pause() {
        paused = true;
    }

    void resume(StreamSocket socket) {
        paused = false;
        call(() -> deliver(socket));
    }

    /** From here on no data comes. */
    void closing() {
        closing = true;
    }

    void handler(StreamHandler next, StreamSocket socket) {
        handler = Objects.requireNonNull(next, "next");
        newHandler = true;
        call(() -> deliver(socket));
    }

    int unread() {
        return unread.size();
    }
}
