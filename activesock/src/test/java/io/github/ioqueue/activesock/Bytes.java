package io.github.ioqueue.activesock;

import java.nio.ByteBuffer;

/** Bytes that tell where they belong. */
final class Bytes {

    private Bytes() {}

    /** The bytes from {@code start} on of one endless pattern. */
    static byte[] array(int start, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            int at = start + i;
            bytes[i] = (byte) (at * 31 + (at >>> 8) * 7 + (at >>> 16));
        }
        return bytes;
    }

    static byte[] array(int length) {
        return array(0, length);
    }

    static ByteBuffer heap(int start, int length) {
        return ByteBuffer.wrap(array(start, length));
    }

    static ByteBuffer direct(int start, int length) {
        return ByteBuffer.allocateDirect(length).put(array(start, length)).flip();
    }
}
