package io.github.ioqueue.tests.tls.mutation;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** One direction between two engines: changes what it is told to, and knows in which record that was. */
final class Wire {

    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;

    private final Change change;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** @param change null if it is one of the other direction */
    Wire(Change change) {
        this.change = change;
    }

    /** What comes out where these bytes go in. */
    byte[] pass(byte[] bytes) {
        int start = said.size();
        said.writeBytes(bytes);
        if (change == null || change.at() < 0) {
            return bytes;
        }
        int at = change.at() - start;
        if (change.mask() != 0) {
            if (at >= 0 && at < bytes.length) {
                bytes[at] ^= (byte) change.mask();
            }
            return bytes;
        }
        return at >= bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(0, at));
    }

    /** How many bytes went in. */
    int length() {
        return said.size();
    }

    /**
     * Whether the change is one that an honest end need not notice: of the version in a record's header, which is there for
     * the sake of old middleboxes (RFC 8446, 5.1), or of a change_cipher_spec, which says nothing in TLS 1.3 (RFC 8446, 5).
     */
    boolean isHarmless() {
        if (change == null || change.at() < 0) {
            return true;
        }
        byte[] all = said.toByteArray();
        int record = 0;
        while (record + HEADER <= all.length) {
            int next = record + HEADER + ((all[record + 3] & 0xff) << 8) + (all[record + 4] & 0xff);
            if (change.at() < next) {
                int place = change.at() - record;
                return place == 1 || place == 2 || all[record] == CHANGE_CIPHER_SPEC;
            }
            record = next;
        }
        return true; // beyond all that was said
    }
}
