package io.github.ioqueue.activesock;

import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;

/**
 * The completions of an {@link ActiveSocket}'s key. Whatever is thrown inside, by the user's handler or by an allocation of
 * ours, costs this socket, and goes on to the error handler of the queue.
 */
final class SocketEvents implements IoHandler {

    private final ActiveSocket socket;
    private final Inbound inbound;
    private final Outbound outbound;

    SocketEvents(ActiveSocket socket, Inbound inbound, Outbound outbound) {
        this.socket = socket;
        this.inbound = inbound;
        this.outbound = outbound;
    }

    @Override
    public void onConnectComplete(IoKey key, ConnectOp op) {
        try {
            socket.connected(op);
        } catch (Throwable e) {
            socket.broken(e);
            throw e;
        }
    }

    @Override
    public void onReadComplete(IoKey key, ReadOp op) {
        try {
            inbound.onReadComplete();
        } catch (Throwable e) {
            socket.broken(e);
            throw e;
        }
    }

    @Override
    public void onWriteComplete(IoKey key, WriteOp op) {
        try {
            outbound.onWriteComplete(op);
        } catch (Throwable e) {
            socket.broken(e);
            throw e;
        }
    }

    @Override
    public void onDrain(IoKey key) {
        socket.drained();
    }

    @Override
    public void onClosed(IoKey key) {
        socket.closed();
    }
}
