package io.github.ioqueue.nio;

import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A stream socket over a {@link SocketChannel}. Heap buffers are staged through {@link DirectSlices}. */
final class NioStreamPort extends NioPort<SocketChannel> implements StreamPort {

    NioStreamPort(SocketChannel channel, DirectSlices slices) {
        super(channel, slices);
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        channel.bind(local);
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        return channel.connect(remote);
    }

    @Override
    public boolean finishConnect() throws IOException {
        return channel.finishConnect();
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws IOException {
        return channel.getRemoteAddress();
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        try {
            int n = dst.isDirect() ? channel.read(dst) : readStaged(dst);
            return n == 0 ? WOULD_BLOCK : n;
        } catch (IOException e) {
            throw Resets.told(e);
        }
    }

    private int readStaged(ByteBuffer dst) throws IOException {
        ByteBuffer slice = slices.take();
        try {
            int n = channel.read(slice.limit(Math.min(slice.capacity(), dst.remaining())));
            dst.put(slice.flip());
            return n;
        } finally {
            slices.back(slice);
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        try {
            int n = src.isDirect() ? channel.write(src) : writeStaged(src);
            return n == 0 ? WOULD_BLOCK : n;
        } catch (IOException e) {
            throw Resets.told(e);
        }
    }

    private int writeStaged(ByteBuffer src) throws IOException {
        ByteBuffer slice = slices.take();
        try {
            fill(slice, src);
            int n = channel.write(slice.flip());
            src.position(src.position() + n);
            return n;
        } finally {
            slices.back(slice);
        }
    }

    @Override
    public long gather(ByteBuffer[] srcs, int count) throws IOException {
        try {
            long n = allDirect(srcs, count) ? channel.write(srcs, 0, count) : gatherStaged(srcs, count);
            return n == 0 ? WOULD_BLOCK : n;
        } catch (IOException e) {
            throw Resets.told(e);
        }
    }

    private long gatherStaged(ByteBuffer[] srcs, int count) throws IOException {
        ByteBuffer slice = slices.take();
        try {
            for (int i = 0; i < count && slice.hasRemaining(); i++) {
                fill(slice, srcs[i]);
            }
            int n = channel.write(slice.flip());
            int left = n;
            for (int i = 0; left > 0; i++) {
                int taken = Math.min(left, srcs[i].remaining());
                srcs[i].position(srcs[i].position() + taken);
                left -= taken;
            }
            return n;
        } finally {
            slices.back(slice);
        }
    }

    private static boolean allDirect(ByteBuffer[] srcs, int count) {
        for (int i = 0; i < count; i++) {
            if (!srcs[i].isDirect()) {
                return false;
            }
        }
        return true;
    }

    /** Copies as much of {@code src} behind the slice's bytes as fits, and moves no position of {@code src}. */
    private static void fill(ByteBuffer slice, ByteBuffer src) {
        int n = Math.min(slice.remaining(), src.remaining());
        slice.put(slice.position(), src, src.position(), n);
        slice.position(slice.position() + n);
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** A Unix-domain socket has the option, but the kernel ignores it. */
    @Override
    public boolean resetOnClose() throws IOException {
        return !(localAddress() instanceof UnixDomainSocketAddress) && StreamPort.super.resetOnClose();
    }
}
