package io.github.ioqueue.testkit;

import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes, and ops that carry them. */
final class Bytes {

    /** An address for scripted sockets, which do not care. */
    static final InetSocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    private Bytes() {}

    static ByteBuffer of(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes of which no stretch resembles another. */
    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        int state = 1;
        for (int i = 0; i < size; i++) {
            state = state * 1103515245 + 12345;
            bytes[i] = (byte) (state >> 16);
        }
        return bytes;
    }

    static WriteOp write(String text) {
        return new WriteOp(of(text));
    }

    static ReadOp read(int room) {
        return new ReadOp(ByteBuffer.allocate(room));
    }

    /** What a read into its own buffer has put there. */
    static String text(ReadOp read) {
        return text(read.buffer().duplicate().flip());
    }

    static String text(ByteBuffer remaining) {
        return StandardCharsets.UTF_8.decode(remaining.duplicate()).toString();
    }
}
