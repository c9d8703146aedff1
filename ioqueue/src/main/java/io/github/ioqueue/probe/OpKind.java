package io.github.ioqueue.probe;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.SendOp;
import io.github.ioqueue.WriteOp;

/** What an op does, for books that are kept by kind. */
public enum OpKind {
    /** Reads from a stream. */
    READ,
    /** Receives a datagram. */
    RECEIVE,
    /** Accepts a connection. */
    ACCEPT,
    /** Connects. */
    CONNECT,
    /** Writes to a stream. */
    WRITE,
    /** Sends a datagram. */
    SEND,
    /** Ends an outgoing stream. */
    SHUTDOWN;

    /** The kind of an op. */
    public static OpKind of(IoOp op) {
        if (op instanceof ReadOp) {
            return op instanceof ReceiveOp ? RECEIVE : READ;
        }
        if (op instanceof WriteOp) {
            return op instanceof SendOp ? SEND : WRITE;
        }
        if (op instanceof AcceptOp) {
            return ACCEPT;
        }
        return op instanceof ConnectOp ? CONNECT : SHUTDOWN;
    }

    /** Whether ops of this kind go through the input half of a key, rather than its output half. */
    public boolean isInput() {
        return this == READ || this == RECEIVE || this == ACCEPT;
    }
}
