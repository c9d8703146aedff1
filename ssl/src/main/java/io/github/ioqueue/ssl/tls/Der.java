package io.github.ioqueue.ssl.tls;

import java.nio.ByteBuffer;
import java.security.spec.InvalidKeySpecException;

/** As much of DER (X.690) as the envelopes of keys take: elements with one byte of tag and a definite length. */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;
    /** Explicitly tagged [0]. */
    static final int CONTEXT_0 = 0xA0;

    private static final int LONG_FORM = 0x80;

    private Der() {}

    // ---- writing

    /** An element whose content is that of the parts, one behind the other. */
    static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        int lengthBytes = length < LONG_FORM ? 0 : (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        ByteBuffer element = ByteBuffer.allocate(2 + lengthBytes + length).put((byte) tag);
        element.put((byte) (lengthBytes == 0 ? length : LONG_FORM | lengthBytes));
        for (int i = lengthBytes - 1; i >= 0; i--) {
            element.put((byte) (length >>> (8 * i)));
        }
        for (byte[] part : parts) {
            element.put(part);
        }
        return element.array();
    }

    // ---- reading

    static boolean isNext(ByteBuffer in, int tag) {
        return in.hasRemaining() && Byte.toUnsignedInt(in.get(in.position())) == tag;
    }

    /**
     * The content of the next element; {@code in} moves behind it.
     *
     * @throws InvalidKeySpecException if the element is another, or is longer than what there is
     */
    static ByteBuffer next(ByteBuffer in, int tag) throws InvalidKeySpecException {
        if (!isNext(in, tag)) {
            throw new InvalidKeySpecException(String.format("no element with the tag %02x where one must be", tag));
        }
        in.get();
        int length = length(in);
        if (length < 0 || length > in.remaining()) {
            throw new InvalidKeySpecException("an element is longer than what there is");
        }
        ByteBuffer content = in.slice(in.position(), length);
        in.position(in.position() + length);
        return content;
    }

    /** The content of the one element that the bytes are, to the last. */
    static ByteBuffer only(byte[] bytes, int tag) throws InvalidKeySpecException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        ByteBuffer content = next(in, tag);
        if (in.hasRemaining()) {
            throw new InvalidKeySpecException(in.remaining() + " bytes too many");
        }
        return content;
    }

    /** Negative when it is none, or beyond an int. */
    private static int length(ByteBuffer in) {
        int first = in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : LONG_FORM;
        if (first < LONG_FORM) {
            return first;
        }
        int lengthBytes = first - LONG_FORM;
        if (lengthBytes == 0 || lengthBytes > Integer.BYTES || lengthBytes > in.remaining()) {
            return -1;
        }
        int length = 0;
        for (int i = 0; i < lengthBytes; i++) {
            length = (length << 8) | Byte.toUnsignedInt(in.get());
        }
        return length;
    }

    static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }

    /** The dotted form of an object identifier's content (X.690, 8.19), for maps and messages. */
    static String dotted(ByteBuffer content) {
        StringBuilder dotted = new StringBuilder();
        long arc = 0;
        for (byte b : bytes(content)) {
            arc = (arc << 7) | (b & 0x7F);
            if (b >= 0) {
                if (dotted.isEmpty()) {
                    long top = Math.min(arc / 40, 2);
                    dotted.append(top);
                    arc -= 40 * top;
                }
                dotted.append('.').append(arc);
                arc = 0;
            }
        }
        return dotted.toString();
    }
}
