package io.github.ioqueue.activesock;

import io.github.ioqueue.WriteOp;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Calls the handler of a socket. When it throws, the socket is broken, for nobody knows how far the handler came, and
 * the exception goes on to the queue's error handler.
 */
final class HandlerCalls {

    private final ActiveSocket socket;
    private volatile StreamHandler handler;

    HandlerCalls(ActiveSocket socket, StreamHandler handler) {
        this.socket = socket;
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    void handler(StreamHandler next) {
        handler = Objects.requireNonNull(next, "next");
    }

    void open() {
        try {
            handler.onOpen(socket);
        } catch (RuntimeException | Error e) {
            socket.broken(e);
            throw e;
        }
    }

    void data(ByteBuffer in) {
        try {
            handler.onData(socket, in);
        } catch (RuntimeException | Error e) {
            socket.broken(e);
            throw e;
        }
    }

    void end() {
        try {
            handler.onEnd(socket);
        } catch (RuntimeException | Error e) {
            socket.broken(e);
            throw e;
        }
    }

    void writable() {
        try {
            handler.onWritable(socket);
        } catch (RuntimeException | Error e) {
            socket.broken(e);
            throw e;
        }
    }

    void sent(WriteOp op) {
        try {
            handler.onSent(socket, op);
        } catch (RuntimeException | Error e) {
            socket.broken(e);
            throw e;
        }
    }

    /** The last call: there is nothing left to break. */
    void closed(CloseReason why) {
        handler.onClosed(socket, why);
    }
}
