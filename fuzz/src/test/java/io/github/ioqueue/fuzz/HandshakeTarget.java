package io.github.ioqueue.fuzz;

import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.EnginePipe.End;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes, in chunks of any size, to a server or a client that has not begun: it waits or fails for a reason that blames
 * the peer, in no more steps than the bytes account for, without allocating what they announce.
 *
 * <pre>
 *   | role: 1 bit | version: 1 bit | chunk: 6 bits | what the peer says
 * </pre>
 */
@SuppressWarnings("EnumOrdinal")
public final class HandshakeTarget {

    private static final int MOST_BYTES = 16 << 20;
    private static final byte[] NOTHING = {};

    private HandshakeTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws TlsException {
        if (input.length == 0) {
            return;
        }
        Bounds.within(MOST_BYTES, () -> hear(input));
    }

    private static void hear(byte[] input) throws TlsException {
        TlsVersion version = TlsVersion.values()[(input[0] >> 1) & 1];
        End end = (input[0] & 1) == 0 ? Engines.newServer() : Engines.client(version);
        int chunk = 1 + ((input[0] & 0xff) >> 2) * 16;
        end.work();
        for (int at = 1; at < input.length; at += chunk) {
            end.inject(Arrays.copyOfRange(input, at, Math.min(input.length, at + chunk)));
            end.work();
        }
        Engines.judge(end, end.takeReceived(), NOTHING);
        end.engine().close();
    }

    /** What real ends say. */
    static List<byte[]> seeds() throws TlsException {
        List<byte[]> seeds = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            ByteArrayOutputStream forth = new ByteArrayOutputStream();
            ByteArrayOutputStream back = new ByteArrayOutputStream();
            Engines.pump(Engines.client(version), forth, Engines.newServer(), back);
            int options = (version.ordinal() << 1) | 0xfc;
            seeds.add(with(options, forth.toByteArray()));
            seeds.add(with(options | 1, back.toByteArray()));
        }
        return seeds;
    }

    private static byte[] with(int options, byte[] bytes) {
        byte[] all = new byte[1 + bytes.length];
        all[0] = (byte) options;
        System.arraycopy(bytes, 0, all, 1, bytes.length);
        return all;
    }
}
