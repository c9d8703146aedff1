package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes as the beginning of a record: the verdict is that of a plain model, it never changes when more comes but from
 * incomplete to another, and the buffer stays as it was.
 */
public final class RecordHeaderTarget {

    private static final int LONGEST = 16_384 + 2_048;

    private RecordHeaderTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) {
        String before = "incomplete";
        for (int n = 0; n <= Math.min(input.length, 64); n++) {
            String verdict = verdict(Arrays.copyOf(input, n));
            if (!before.equals("incomplete") && !before.equals(verdict)) {
                throw new AssertionError(before + " becomes " + verdict + " with byte " + n);
            }
            before = verdict;
        }
        verdict(input);
    }

    private static String verdict(byte[] bytes) {
        ByteBuffer in = ByteBuffer.allocate(bytes.length + 2)
                .put((byte) 0)
                .put(bytes)
                .flip()
                .position(1);
        String verdict;
        try {
            verdict = RecordHeader.isComplete(in) ? "complete" : "incomplete";
        } catch (TlsException e) {
            verdict = e.reason().toString();
        }
        if (!verdict.equals(expected(bytes)) || in.position() != 1 || in.limit() != bytes.length + 1) {
            throw new AssertionError(verdict + " instead of " + expected(bytes) + " for " + Arrays.toString(bytes));
        }
        return verdict;
    }

    private static String expected(byte[] bytes) {
        boolean typeIsWrong = bytes.length > 0 && (bytes[0] < 20 || bytes[0] > 24);
        if (typeIsWrong || (bytes.length > 1 && bytes[1] != 3)) {
            return "NOT_TLS";
        }
        if (bytes.length < 5) {
            return "incomplete";
        }
        int length = (bytes[3] & 0xff) * 256 + (bytes[4] & 0xff);
        return length > LONGEST ? "PEER_MISBEHAVED" : bytes.length - 5 >= length ? "complete" : "incomplete";
    }

    /** Some records, and what is none. */
    public static List<byte[]> seeds() {
        return List.of(
                new byte[] {22, 3, 1, 0, 2, 1, 1},
                new byte[] {23, 3, 3, 0x48, 0, 1},
                new byte[] {23, 3, 3, 0x48, 1},
                new byte[] {'G', 'E', 'T', ' ', '/'},
                new byte[] {(byte) 0x80, 0x2e, 1, 0, 2});
    }
}
