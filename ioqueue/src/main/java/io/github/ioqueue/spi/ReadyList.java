package io.github.ioqueue.spi;

import java.util.Arrays;

/**
 * What a wait found: pairs of an attachment and its ready bits, in the order of the demultiplexer. Allocates only to
 * grow. Not thread-safe: it belongs to the polling thread.
 */
public final class ReadyList {

    private Object[] attachments = new Object[64];
    private int[] bits = new int[64];
    private int size;

    /** Creates an empty list. */
    public ReadyList() {}

    /** Adds a ready socket; at most once per socket and wait. */
    public void add(Object attachment, int readyBits) {
        if (size == bits.length) {
            attachments = Arrays.copyOf(attachments, size * 2);
            bits = Arrays.copyOf(bits, size * 2);
        }
        attachments[size] = attachment;
        bits[size++] = readyBits;
    }

    /** How many sockets are ready. */
    public int size() {
        return size;
    }

    /** The attachment of the ready socket number {@code i}. */
    public Object attachment(int i) {
        return attachments[i];
    }

    /** The ready bits of the ready socket number {@code i}: {@link Demultiplexer#READ} and so on. */
    public int bits(int i) {
        return bits[i];
    }

    /** Empties the list and lets its attachments go. */
    public void clear() {
        Arrays.fill(attachments, 0, size, null);
        size = 0;
    }
}
