package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.ResetException;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.OutputRecord;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated connection.
 *
 * <pre>
 *   unconnected ---- connect ----> connecting ---- answered ----> finishConnect ----> connected ---- reset
 *                                              refused, or no answer
 * </pre>
 *
 * Closing with bytes unread, or with a linger of 0, resets the other end; else it ends the stream. A write to an end that
 * is closed goes nowhere, and its answer is a reset.
 */
final class SimStreamPort extends SimPort implements StreamPort {

    private final OutputRecord output = new OutputRecord();
    private @Nullable SocketAddress remote;
    private @Nullable SimStreamPort peer;
    private @Nullable Wire in;
    private @Nullable Wire out;
    private boolean connected;
    private boolean answered;
    private boolean reset;
    private boolean outputShut;

    SimStreamPort(SimulatedNetwork network) {
        super(network);
    }

    // ---- connecting

    @Override
    public void bind(SocketAddress address) throws IOException {
        local = network.addressFor(address);
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        call();
        remote = address;
        if (local == null) {
            local = network.ephemeral();
        }
        long delay = network.connectNanos();
        if (delay == 0) {
            reach();
            if (answered) {
                return finishConnect();
            }
        } else {
            network.timetable().at(network.timetable().now() + delay, this::reach);
        }
        return false;
    }

    /** The request arrives where somebody may listen; a listener whose queue is full does not answer. */
    private void reach() {
        if (isClosed()) {
            return;
        }
        SimListenerPort listener = network.listener(Objects.requireNonNull(remote));
        if (listener != null && listener.isFull()) {
            network.timetable().at(network.timetable().now() + SimulatedNetwork.RETRY_NANOS, this::reach);
            return;
        }
        answered = true;
        if (listener != null && !network.happens(Fault.REFUSED)) {
            join(listener);
        }
    }

    private void join(SimListenerPort listener) {
        SimStreamPort other = new SimStreamPort(network);
        Wire there = new Wire(network, network.capacity());
        Wire back = new Wire(network, network.capacity());
        joined(other, back, there);
        other.joined(this, there, back);
        other.local = listener.local;
        other.remote = local;
        other.connected = true;
        listener.arrived(other);
    }

    private void joined(SimStreamPort other, Wire input, Wire output) {
        peer = other;
        in = input;
        out = output;
    }

    @Override
    public boolean finishConnect() throws IOException {
        call();
        if (!answered) {
            return false;
        }
        if (peer == null) {
            throw new ConnectException("Connection refused");
        }
        requireWhole();
        connected = true;
        return true;
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    @Nullable OutputRecord output() {
        return output;
    }

    // ---- data

    @Override
    public int read(ByteBuffer dst) throws IOException {
        Wire wire = wire(in);
        if (wire.available() == 0) {
            requireWhole();
            return wire.isAtEnd() ? END : WOULD_BLOCK;
        }
        if (network.happens(Fault.EMPTY_READ)) {
            return WOULD_BLOCK;
        }
        int n = Math.min(dst.remaining(), wire.available());
        n -= n > 1 ? network.choose(Fault.SHORT_READ, 2) : 0;
        wire.get(dst, n);
        return n;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return (int) gather(new ByteBuffer[] {src}, 1);
    }

    @Override
    public long gather(ByteBuffer[] srcs, int count) throws IOException {
        Wire wire = wire(out);
        requireWhole();
        if (outputShut) {
            throw new SocketException("Broken pipe");
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += srcs[i].remaining();
        }
        if (wire.isAbandoned()) {
            reset = true;
            for (int i = 0; i < count; i++) {
                srcs[i].position(srcs[i].limit());
            }
            return bytes;
        }
        int n = (int) Math.min(bytes, wire.room());
        if (n == 0 || network.happens(Fault.BLOCKED_WRITE)) {
            return WOULD_BLOCK;
        }
        n -= n > 1 ? network.choose(Fault.SHORT_WRITE, 2) : 0;
        int left = n;
        for (int i = 0; left > 0; i++) {
            int part = Math.min(left, srcs[i].remaining());
            wire.put(srcs[i], part);
            left -= part;
        }
        output.sent(n);
        return n;
    }

    private Wire wire(@Nullable Wire wire) throws IOException {
        call();
        if (wire == null || !connected) {
            throw new IOException("socket is not connected");
        }
        if (!reset && network.happens(Fault.RESET)) {
            reset = true;
            resetPeer();
        }
        return wire;
    }

    private void requireWhole() throws ResetException {
        if (reset) {
            throw new ResetException(new SocketException("Connection reset"));
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        Wire wire = wire(out);
        requireWhole();
        if (!outputShut) {
            outputShut = true;
            end(wire);
        }
    }

    // ---- the end

    private void resetPeer() {
        if (peer != null) {
            peer.reset = true;
        }
    }

    /** The listener is gone before this was accepted. */
    void refuse() {
        resetPeer();
        reset = true;
        close();
    }

    @Override
    void release() {
        if (in == null || out == null || reset) {
            return;
        }
        in.abandon();
        Integer linger = option(StandardSocketOptions.SO_LINGER);
        if (in.isUnread() || (linger != null && linger == 0)) {
            resetPeer();
        } else if (!outputShut) {
            end(out);
        }
    }

    /** From here on the peer's application finds a clean end behind what was sent. */
    private void end(Wire wire) {
        wire.end();
        output.ended("from " + local, "to " + remote);
    }

    @Override
    int readyBits() {
        if (!connected) {
            return answered ? Demultiplexer.CONNECT : 0;
        }
        if (in == null || out == null || reset) {
            return Demultiplexer.READ | Demultiplexer.WRITE;
        }
        return (in.available() > 0 || in.isAtEnd() ? Demultiplexer.READ : 0)
                | (out.room() > 0 || out.isAbandoned() || outputShut ? Demultiplexer.WRITE : 0);
    }
}
