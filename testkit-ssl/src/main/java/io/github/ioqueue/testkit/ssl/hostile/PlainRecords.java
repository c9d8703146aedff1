package io.github.ioqueue.testkit.ssl.hostile;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of the engines of this package, which encrypts nothing: a letter, two bytes of length, content.
 *
 * <pre>
 *   client                server
 *     H hello  ----&gt;
 *              &lt;---- F finished       the client is done with F, the server when F has left
 *     D data   &lt;---&gt; D data
 *     N new keys --&gt; M mine, too      no data of whoever said N between the two
 *     T ticket &lt;---&gt;                  means nothing
 *     C close  &lt;---&gt; C close          A alert, after a failure
 *     Z        &lt;---&gt;                  nobody should have said: of a step that is a fault
 * </pre>
 */
public final class PlainRecords {

    /** Letter and length. */
    public static final int HEADER = 3;

    private PlainRecords() {}

    /** A record without content. */
    public static byte[] record(char type) {
        return record(type, new byte[0]);
    }

    /** A record. */
    public static byte[] record(char type, byte[] content) {
        return ByteBuffer.allocate(HEADER + content.length)
                .put((byte) type)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    /** Takes the next record whole, its position at its letter; null if it is not all there. */
    public static @Nullable ByteBuffer next(ByteBuffer in) {
        if (in.remaining() < HEADER) {
            return null;
        }
        int length = HEADER + Short.toUnsignedInt(in.getShort(in.position() + 1));
        if (in.remaining() < length) {
            return null;
        }
        ByteBuffer whole = in.slice(in.position(), length);
        in.position(in.position() + length);
        return whole;
    }
}
