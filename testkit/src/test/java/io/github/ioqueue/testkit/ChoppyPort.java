package io.github.ioqueue.testkit;

import io.github.ioqueue.spi.StreamPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connected stream that takes all, a part or nothing at random, sometimes breaks, and notes when it is used as no
 * socket may be: by two writers at a time, or after it was closed.
 */
final class ChoppyPort implements StreamPort {

    private static final int DAWDLING = 30_000;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> misuse = new ConcurrentLinkedQueue<>();
    private final int breaksOneIn = ThreadLocalRandom.current().nextInt(3) == 0 ? 400 : Integer.MAX_VALUE;
    private volatile boolean closed;

    byte[] written() {
        return written.toByteArray();
    }

    ConcurrentLinkedQueue<String> misuse() {
        return misuse;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return (int) gather(new ByteBuffer[] {src}, 1);
    }

    @Override
    public long gather(ByteBuffer[] srcs, int count) throws IOException {
        if (!writing.compareAndSet(false, true)) {
            misuse.add("two writers");
        }
        if (closed) {
            misuse.add("written after close");
        }
        try {
            return take(srcs, count);
        } finally {
            if (closed) {
                misuse.add("closed beneath a writer");
            }
            writing.set(false);
        }
    }

    private long take(ByteBuffer[] srcs, int count) throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int verdict = random.nextInt(breaksOneIn);
        if (verdict == 0) {
            throw new IOException("broken by chance");
        }
        dawdle(verdict % 16 == 3 ? random.nextInt(DAWDLING) : 0);
        if (verdict % 4 == 1) {
            return WOULD_BLOCK;
        }
        long taken = 0;
        for (int i = 0; i < count; i++) {
            int all = srcs[i].remaining();
            int n = verdict % 4 == 2 ? random.nextInt(all + 1) : all;
            byte[] bytes = new byte[n];
            srcs[i].get(bytes);
            written.writeBytes(bytes);
            taken += n;
            if (n < all) {
                break;
            }
        }
        return taken == 0 ? WOULD_BLOCK : taken;
    }

    /** Takes long enough for everybody else to get in the way. */
    private static void dawdle(int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        if (writing.get()) {
            misuse.add("closed beneath a writer");
        }
        closed = true;
    }

    @Override
    public int read(ByteBuffer dst) {
        return WOULD_BLOCK;
    }

    @Override
    public void bind(SocketAddress local) {}

    @Override
    public boolean connect(SocketAddress remote) {
        return true;
    }

    @Override
    public boolean finishConnect() {
        return true;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public SocketAddress localAddress() {
        return null;
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public <T> void option(SocketOption<T> name, T value) {}

    @Override
    public <T> T option(SocketOption<T> name) {
        return null;
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }
}
