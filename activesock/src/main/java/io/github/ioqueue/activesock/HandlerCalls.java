package io.github.ioqueue.activesock;

import io.github.ioqueue.WriteOp;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Calls the handler of a socket. When it throws, the socket is broken, for nobody knows how far the handler came, and
 * the exception goes on to the queue's error handler. For those who write a {@link StreamSocket} of their own. Polling
 * thread only.
 */
public final class HandlerCalls {

    private final StreamSocket socket;
    private final Consumer<? super Throwable> broken;
    private volatile StreamHandler handler;

    /** {@code onOpen} was called; without it only {@code onClosed} is. Polling thread only. */
    private boolean opened;

    /** Calls the handler with this socket; {@code broken} hears what the handler threw. */
    public HandlerCalls(StreamSocket socket, StreamHandler handler, Consumer<? super Throwable> broken) {
        this.socket = socket;
        this.broken = broken;
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /** Exchanges the handler. */
    public void handler(StreamHandler next) {
        handler = Objects.requireNonNull(next, "next");
    }

    /** The socket is open already: {@code onOpen} is not called. */
    public void alreadyOpen() {
        opened = true;
    }

    /** Calls {@link StreamHandler#onOpen}. */
    public void open() {
        opened = true;
        try {
            handler.onOpen(socket);
        } catch (Throwable e) {
            broken.accept(e);
            throw e;
        }
    }

    /** Calls {@link StreamHandler#onData}. */
    public void data(ByteBuffer in) {
        try {
            handler.onData(socket, in);
        } catch (Throwable e) {
            broken.accept(e);
            throw e;
        }
    }

    /** Calls {@link StreamHandler#onEnd}. */
    public void end() {
        try {
            handler.onEnd(socket);
        } catch (Throwable e) {
            broken.accept(e);
            throw e;
        }
    }

    /** Calls {@link StreamHandler#onWritable}. */
    public void writable() {
        try {
            handler.onWritable(socket);
        } catch (Throwable e) {
            broken.accept(e);
            throw e;
        }
    }

    /** Calls {@link StreamHandler#onOutputEnded}. */
    public void outputEnded() {
        try {
            handler.onOutputEnded(socket);
        } catch (Throwable e) {
            broken.accept(e);
            throw e;
        }
    }

    /** Calls {@link StreamHandler#onSent}; not of a socket that never opened. */
    public void sent(WriteOp op) {
        if (!opened) {
            return;
        }
        try {
            handler.onSent(socket, op);
        } catch (Throwable e) {
            broken.accept(e);
            throw e;
        }
    }

    /** Calls {@link StreamHandler#onDrain}. */
    public void drain() {
        try {
            handler.onDrain(socket);
        } catch (Throwable e) {
            broken.accept(e);
            throw e;
        }
    }

    /** Calls {@link StreamHandler#onClosed}, the last one: there is nothing left to break. */
    public void closed(CloseReason why) {
        handler.onClosed(socket, why);
    }
}
