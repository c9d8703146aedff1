package io.github.ioqueue.tests.interop;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/** What is sent, and the checksums it is compared by. */
final class Bytes {

    private Bytes() {}

    /** Random ones, the same each time. */
    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** As many, as lines of text. */
    static byte[] lines(int size) {
        byte[] lines = Base64.getMimeEncoder(76, new byte[] {'\n'}).encode(random(size));
        lines[size - 1] = '\n';
        return Arrays.copyOf(lines, size);
    }

    static String checksum(byte[] bytes) {
        return hex(digest(bytes));
    }

    /** The checksum of all that comes. */
    static String checksum(InputStream in) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[64 << 10];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return hex(digest);
    }

    /** The checksum of so many bytes that come. */
    static String checksum(InputStream in, int size) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[64 << 10];
        for (int left = size; left > 0; ) {
            int n = in.read(buffer, 0, Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException(left + " of " + size + " bytes are missing");
            }
            digest.update(buffer, 0, n);
            left -= n;
        }
        return hex(digest);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest digest(byte[] bytes) {
        MessageDigest digest = digest();
        digest.update(bytes);
        return digest;
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
