package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The five bytes before each record (RFC 8446, 5.1; RFC 5246, 6.2.1): type, version, length. They are looked at before
 * the engine is: so that what is not TLS is told apart, and nobody waits for a record that is larger than any can be.
 */
final class RecordHeader {

    static final int SIZE = 5;
    private static final int LOWEST_TYPE = 20; // change_cipher_spec
    private static final int HIGHEST_TYPE = 24; // heartbeat
    private static final int MAJOR_VERSION = 3;

    /** RFC 5246, 6.2.3: the content, and at most 2,048 bytes more. */
    private static final int LONGEST = (1 << 14) + 2048;

    private static final int SHOWN = 16;

    private RecordHeader() {}

    /**
     * Whether a whole record is there.
     *
     * @throws TlsException if what is there cannot be the beginning of one
     */
    static boolean isComplete(ByteBuffer netIn) throws TlsException {
        int have = netIn.remaining();
        int at = netIn.position();
        if (have == 0) {
            return false;
        }
        int type = netIn.get(at) & 0xff;
        if (type < LOWEST_TYPE || type > HIGHEST_TYPE || (have > 1 && netIn.get(at + 1) != MAJOR_VERSION)) {
            throw new TlsException(Reason.NOT_TLS, "what came begins with " + beginning(netIn));
        }
        if (have < SIZE) {
            return false;
        }
        int length = netIn.getShort(at + 3) & 0xffff;
        if (length > LONGEST) {
            throw new TlsException(
                    Reason.PEER_MISBEHAVED,
                    "a record of " + length + " bytes is announced, and none is longer than " + LONGEST);
        }
        return have >= SIZE + length;
    }

    /** As text if it is one, else in hexadecimal. */
    private static String beginning(ByteBuffer netIn) {
        byte[] bytes = new byte[Math.min(SHOWN, netIn.remaining())];
        netIn.get(netIn.position(), bytes);
        String text = new String(bytes, StandardCharsets.US_ASCII).stripTrailing();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return '"' + text + '"';
        }
        StringBuilder hex = new StringBuilder("bytes");
        for (byte b : bytes) {
            hex.append(String.format(" %02x", b));
        }
        return hex.toString();
    }
}
