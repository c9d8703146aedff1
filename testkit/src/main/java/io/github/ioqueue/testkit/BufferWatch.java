package io.github.ioqueue.testkit;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Watches the memory of ops. While an op is pending nobody may change what it writes (R6), and a read may change only the
 * bytes it counts; positions move by what is counted and limits not at all. What a lending read has lent is poisoned when
 * the completion returns, so that whoever keeps it reads nonsense (R7).
 *
 * <p>It copies every buffer, so it is for tests of the lowest layer, not for bulk. Held writes may be filled while they
 * are held: leave it out where a layer does so. Any thread.
 */
public final class BufferWatch implements QueueProbe {

    private static final byte POISON = (byte) 0xA5;

    /** A buffer as it was when its op was submitted. */
    private record Image(ByteBuffer buffer, int start, int limit, ByteBuffer bytes) {
        static Image of(ByteBuffer buffer) {
            ByteBuffer all = buffer.duplicate().clear();
            return new Image(
                    buffer,
                    buffer.position(),
                    buffer.limit(),
                    ByteBuffer.allocate(all.remaining()).put(all).flip());
        }

        boolean isSame(int from, int to) {
            return buffer.duplicate()
                    .clear()
                    .slice(from, to - from)
                    .equals(bytes.duplicate().slice(from, to - from));
        }
    }

    private final ConcurrentHashMap<IoOp, Image> images = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<IoKey, ByteBuffer> lent = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<String> violations = new CopyOnWriteArrayList<>();

    /** Creates a watch that has seen nothing. */
    public BufferWatch() {}

    @Override
    public void submitted(IoKey key, IoOp op) {
        if (op instanceof WriteOp write) {
            images.put(op, Image.of(write.buffer()));
        } else if (op instanceof ReadOp read && !read.isLending()) {
            images.put(op, Image.of(read.buffer()));
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same object is meant, not the same bytes
    public void completed(IoKey key, IoOp op, boolean inline) {
        Image image = images.remove(op);
        if (image == null) {
            return;
        }
        if (op instanceof WriteOp write) {
            check(write.buffer() == image.buffer(), "another buffer", op);
            checkMoved(image, Math.toIntExact(write.count()), op);
            check(image.isSame(0, image.bytes().limit()), "R6: the bytes to write were changed", op);
        } else if (op instanceof ReadOp read) {
            int count = op.failure() != null ? 0 : Math.min(Math.max(read.count(), 0), image.limit() - image.start());
            checkMoved(image, count, op);
            check(
                    image.isSame(0, image.start())
                            && image.isSame(image.start() + count, image.bytes().limit()),
                    "R6: bytes beside those read were changed",
                    op);
        }
    }

    private void checkMoved(Image image, int count, IoOp op) {
        check(
                image.buffer().position() == image.start() + count
                        && image.buffer().limit() == image.limit(),
                "R6: " + count + " bytes moved the buffer from " + image.start() + " to " + image.buffer(),
                op);
    }

    private void check(boolean good, String what, IoOp op) {
        if (!good) {
            violations.add(what + ": " + op);
        }
    }

    @Override
    public void callbackBegins(IoKey key, @Nullable IoOp op) {
        if (op instanceof ReadOp read && read.isLending() && op.failure() == null && !read.isEnd()) {
            lent.put(key, read.buffer());
        }
    }

    @Override
    public void callbackEnds(IoKey key, @Nullable IoOp op) {
        ByteBuffer gone = lent.remove(key);
        if (gone != null) {
            for (int i = 0; i < gone.limit(); i++) {
                gone.put(i, POISON);
            }
        }
    }

    /** What was wrong so far. */
    public List<String> violations() {
        return List.copyOf(violations);
    }
}
