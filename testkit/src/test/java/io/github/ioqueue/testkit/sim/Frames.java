package io.github.ioqueue.testkit.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Numbered messages on a byte stream: who sent it, its number, its length, then bytes that follow from these. */
final class Frames {

    private static final int HEADER = 12;
    private static final int MOST = 1 << 20;

    private final Consumer<String> violation;
    private final List<Integer> received = new ArrayList<>();
    private ByteBuffer unread = ByteBuffer.allocate(16 * 1024).limit(0);

    Frames(Consumer<String> violation) {
        this.violation = violation;
    }

    static void fill(ByteBuffer frame, int from, int id, int length) {
        frame.putInt(from).putInt(id).putInt(length);
        for (int i = 0; i < length; i++) {
            frame.put(byteOf(from, id, i));
        }
        frame.flip();
    }

    static int size(int length) {
        return HEADER + length;
    }

    private static byte byteOf(int from, int id, int i) {
        return (byte) (from * 31 + id * 7 + i);
    }

    /** Takes all bytes in. */
    void take(ByteBuffer in) {
        unread.compact();
        if (unread.remaining() < in.remaining()) {
            unread = ByteBuffer.allocate(2 * (unread.position() + in.remaining()))
                    .put(unread.flip());
        }
        unread.put(in).flip();
        while (unread.remaining() >= HEADER && isFrame() && unread.remaining() >= size(length())) {
            frame();
        }
    }

    private int length() {
        return unread.getInt(unread.position() + 8);
    }

    private boolean isFrame() {
        boolean good = length() >= 0 && length() < MOST;
        if (!good) {
            violation.accept("R3: not a frame, its length is " + length());
            unread.position(unread.limit());
        }
        return good;
    }

    private void frame() {
        int from = unread.getInt();
        int id = unread.getInt();
        int length = unread.getInt();
        for (int i = 0; i < length; i++) {
            byte found = unread.get();
            if (found != byteOf(from, id, i)) {
                violation.accept("R3: message " + id + " of " + from + " has " + found + " at " + i + " of " + length
                        + ", not " + byteOf(from, id, i));
                unread.position(unread.position() + length - i - 1);
                break;
            }
        }
        if (!received.isEmpty() && received.get(received.size() - 1) >= id) {
            violation.accept("R3: message " + id + " behind " + received.get(received.size() - 1));
        }
        received.add(id);
    }

    /** The numbers, in the order of their arrival. */
    List<Integer> received() {
        return received;
    }
}
