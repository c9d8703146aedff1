package io.github.ioqueue.activesock;

import java.nio.ByteBuffer;

/** Bytes on the heap that are taken in front and grow behind; each is moved a few times at most, however they come. */
final class Leftover {

    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /** What there is, from position to limit; take some by moving the position. */
    ByteBuffer bytes() {
        return bytes;
    }

    int size() {
        return bytes.remaining();
    }

    /** Takes all that remains in {@code more}. */
    void append(ByteBuffer more) {
        int size = size();
        int n = more.remaining();
        if (bytes.capacity() - bytes.limit() < n) {
            bytes = ByteBuffer.allocate(Math.max(2 * size, size + n)).put(bytes).flip();
        }
        int end = bytes.limit();
        bytes.limit(end + n).put(end, more, more.position(), n);
        more.position(more.limit());
    }
}
