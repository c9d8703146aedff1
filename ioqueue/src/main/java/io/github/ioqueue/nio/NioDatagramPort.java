package io.github.ioqueue.nio;

import io.github.ioqueue.spi.DatagramPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.function.Consumer;

/**
 * A datagram socket over a {@link DatagramChannel}. The channel stays unconnected: only {@code receive} tells an empty
 * datagram from none, and only an unconnected channel can send an empty one.
 */
final class NioDatagramPort extends NioPort<DatagramChannel> implements DatagramPort {

    NioDatagramPort(DatagramChannel channel, DirectSlices slices) {
        super(channel, slices);
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        channel.bind(local);
    }

    @Override
    public int receive(ByteBuffer dst, Consumer<? super SocketAddress> sender) throws IOException {
        if (dst.isDirect() && dst.remaining() >= DirectSlices.SLICE) {
            int start = dst.position();
            SocketAddress from = channel.receive(dst);
            return from == null ? WOULD_BLOCK : received(from, dst.position() - start, sender);
        }
        return receiveStaged(dst, sender);
    }

    /** The channel cuts a datagram to the room there is and says nothing: receive it whole, then cut and tell. */
    private int receiveStaged(ByteBuffer dst, Consumer<? super SocketAddress> sender) throws IOException {
        ByteBuffer slice = slices.take();
        try {
            SocketAddress from = channel.receive(slice);
            if (from == null) {
                return WOULD_BLOCK;
            }
            int size = slice.flip().remaining();
            dst.put(slice.limit(Math.min(size, dst.remaining())));
            return received(from, size, sender);
        } finally {
            slices.back(slice);
        }
    }

    private static int received(SocketAddress from, int size, Consumer<? super SocketAddress> sender) {
        sender.accept(from);
        return size;
    }

    @Override
    public int send(ByteBuffer src, SocketAddress remote) throws IOException {
        int size = src.remaining();
        // Both "the socket buffer is full" and "an empty datagram went out" answer 0; an empty one needs no room.
        int sent = src.isDirect() || size > DirectSlices.SLICE ? channel.send(src, remote) : sendStaged(src, remote);
        return sent == size ? size : WOULD_BLOCK;
    }

    private int sendStaged(ByteBuffer src, SocketAddress remote) throws IOException {
        ByteBuffer slice = slices.take();
        try {
            slice.put(0, src, src.position(), src.remaining()).limit(src.remaining());
            int sent = channel.send(slice, remote);
            src.position(src.position() + sent);
            return sent;
        } finally {
            slices.back(slice);
        }
    }
}
