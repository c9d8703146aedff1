package io.github.ioqueue.fuzz;

import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.EnginePipe.End;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Records of the real peer and bytes of somebody else, in any order, to an end whose handshake is done: nothing is told as
 * plaintext but what the peer has sent, from its beginning, and every failure blames the peer.
 *
 * <pre>
 *   | role, version | then for each move: | kind | length | as many bytes, where the kind takes them |
 * </pre>
 */
@SuppressWarnings("EnumOrdinal")
public final class RecordsTarget {

    private static final int MOST_MOVES = 64;
    private static final int RECORD = 5;

    private RecordsTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws TlsException {
        if (input.length == 0) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(input);
        byte options = in.get();
        End client = Engines.client(TlsVersion.values()[(options >> 1) & 1]);
        End server = Engines.newServer();
        Engines.pump(client, new ByteArrayOutputStream(), server, new ByteArrayOutputStream());
        boolean toServer = (options & 1) == 0;
        new RecordsTarget().play(in, toServer ? server : client, toServer ? client : server);
        client.engine().close();
        server.engine().close();
    }

    private void play(ByteBuffer in, End victim, End peer) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        for (int move = 0; move < MOST_MOVES && in.remaining() >= 2; move++) {
            victim.inject(move(in, peer, sent));
            victim.work();
            received.writeBytes(victim.takeReceived());
            victim.takeSaid();
            Engines.judge(victim, received.toByteArray(), sent.toByteArray());
        }
    }

    /** The bytes of the next move. */
    private static byte[] move(ByteBuffer in, End peer, ByteArrayOutputStream sent) {
        int kind = in.get() & 7;
        int length = in.get() & 0xff;
        switch (kind) {
            case 0, 1, 2 -> {
                byte[] plaintext = new byte[length * (kind == 2 ? 100 : 1)];
                Arrays.fill(plaintext, (byte) length);
                sent.writeBytes(plaintext);
                peer.send(plaintext);
            }
            case 3 -> {
                byte[] wire = encrypted(peer, sent, length);
                wire[length % wire.length] ^= (byte) 0x10;
                return wire;
            }
            case 4 -> peer.engine().closeNotify();
            case 5 -> {
                return bytes(in, length);
            }
            default -> {
                byte[] body = bytes(in, length);
                return ByteBuffer.allocate(RECORD + body.length)
                        .put((byte) (20 + kind % 4))
                        .put(new byte[] {3, 3})
                        .putShort((short) body.length)
                        .put(body)
                        .array();
            }
        }
        peer.work();
        return peer.takeSaid();
    }

    private static byte[] encrypted(End peer, ByteArrayOutputStream sent, int length) {
        byte[] plaintext = new byte[1 + length];
        sent.writeBytes(plaintext);
        peer.send(plaintext);
        peer.work();
        byte[] wire = peer.takeSaid();
        return wire.length == 0 ? new byte[1] : wire;
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[Math.min(length, in.remaining())];
        in.get(bytes);
        return bytes;
    }

    /** Each kind of move once. */
    static List<byte[]> seeds() {
        return List.of(
                new byte[] {0, 0, 10, 1, 20, 2, 50, 4, 0},
                new byte[] {1, 2, 100, 0, 1, 4, 0, 0, 5},
                new byte[] {2, 0, 10, 5, 3, 23, 3, 3, 0, 1},
                new byte[] {3, 0, 10, 7, 4, 1, 2, 3, 4, 0, 10},
                new byte[] {2, 3, 7, 0, 1},
                new byte[] {0, 6, 2, 1, 0, 0, 10});
    }
}
