package io.github.ioqueue.activesock;

import io.github.ioqueue.IoKey;

/** What the graceful close of an {@link ActiveSocket} ends: the output of its key. Polling thread only. */
final class KeyTransport implements GracefulClose.Transport {

    private final IoKey key;
    private final ActiveSocket socket;
    private final Outbound outbound;
    private final HandlerCalls calls;

    KeyTransport(IoKey key, ActiveSocket socket, Outbound outbound, HandlerCalls calls) {
        this.key = key;
        this.socket = socket;
        this.outbound = outbound;
        this.calls = calls;
    }

    @Override
    public boolean isDelivered() {
        return socket.isOpen() && outbound.isDelivered();
    }

    @Override
    public long lastProgressNanos() {
        return key.lastOutput();
    }

    @Override
    public void endOutput() {
        key.shutdownOutput();
    }

    /** The kernel has all bytes before the FIN, and sends it even if this process ends now. */
    @Override
    public boolean isOutputEnded() {
        return true;
    }

    @Override
    public void outputEnded() {
        key.queue()
                .atTurnEnd(
                        () -> { // not inside the caller's close()
                            if (!socket.isReset()) {
                                calls.outputEnded();
                            }
                        });
    }

    @Override
    public boolean hasPeerEnded() {
        return socket.hasPeerEnded();
    }

    @Override
    public void closeNow(CloseReason why, boolean reset) {
        socket.end(why, reset);
    }
}
