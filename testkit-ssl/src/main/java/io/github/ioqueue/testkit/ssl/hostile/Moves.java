package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.testkit.ssl.hostile.PeerScript.Move;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The moves that scripts are made of. */
public final class Moves {

    private static final int RECORD_HEADER = 5; // RFC 8446, 5.1: type, version, length

    private Moves() {}

    /** Sends these bytes, in hexadecimal, spaces ignored. */
    public static Move bytes(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return peer -> peer.send(bytes);
    }

    /** Sends these bytes one by one. */
    public static Move dribble(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return peer -> dribble(peer, bytes);
    }

    private static void dribble(PeerEnd peer, byte[] bytes) throws IOException {
        for (byte b : bytes) {
            peer.send(new byte[] {b});
        }
    }

    /** Makes a move so many times. */
    public static Move times(int count, Move move) {
        return peer -> {
            for (int i = 0; i < count; i++) {
                move.make(peer);
            }
        };
    }

    /** Sends what its engine has to say: at first, a client's hello. */
    public static Move say() {
        return PeerEnd::say;
    }

    /** The same, byte by byte. */
    public static Move sayByteByByte() {
        return peer -> dribble(peer, peer.takeSaid());
    }

    /** The same, each record as many of so many bytes (RFC 8446, 5.1: a message may be in several). */
    public static Move sayInRecordsOf(int bytes) {
        return peer -> peer.send(inRecordsOf(bytes, peer.takeSaid()));
    }

    private static byte[] inRecordsOf(int bytes, byte[] records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(records);
        while (in.hasRemaining()) {
            int at = in.position();
            int length = Short.toUnsignedInt(in.getShort(at + 3));
            for (int done = 0; done < length; done += bytes) {
                int n = Math.min(bytes, length - done);
                all.write(records, at, 3);
                all.write(n >> 8);
                all.write(n);
                all.write(records, at + RECORD_HEADER + done, n);
            }
            in.position(at + RECORD_HEADER + length);
        }
        return all.toByteArray();
    }

    /** The same, with one text in it instead of another of the same length. */
    public static Move sayReplacing(String text, String by) {
        return peer -> {
            byte[] said = peer.takeSaid();
            String all = new String(said, StandardCharsets.ISO_8859_1);
            if (!all.contains(text) || text.length() != by.length()) {
                throw new IllegalArgumentException(text + " is not in what it says, or not as long as " + by);
            }
            peer.send(all.replace(text, by).getBytes(StandardCharsets.ISO_8859_1));
        };
    }

    /** Sends the first bytes of what its engine has to say, and never the rest. */
    public static Move sayFirst(int bytes) {
        return peer -> {
            byte[] said = peer.takeSaid();
            peer.send(Arrays.copyOf(said, Math.min(bytes, said.length)));
        };
    }

    /** Hears what the other end has said. */
    public static Move listen() {
        return PeerEnd::listen;
    }

    /** Speaks until the handshake is done. */
    public static Move handshake() {
        return PeerEnd::handshake;
    }

    /** Sends data, encrypted. */
    public static Move data(int bytes) {
        return peer -> {
            peer.encrypt(new byte[bytes]);
            peer.say();
        };
    }

    /** Asks for new keys: a key update with TLS 1.3, a renegotiation with TLS 1.2. */
    public static Move rekey() {
        return peer -> {
            peer.engine().rekey();
            peer.say();
        };
    }

    /** Says close_notify, encrypted if there are keys. */
    public static Move closeNotify() {
        return peer -> {
            peer.engine().closeNotify();
            peer.say();
        };
    }

    /** Ends the outgoing stream. */
    public static Move end() {
        return PeerEnd::end;
    }

    /** Tears the connection down. */
    public static Move reset() {
        return PeerEnd::reset;
    }
}
