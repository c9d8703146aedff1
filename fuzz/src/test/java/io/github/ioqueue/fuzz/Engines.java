package io.github.ioqueue.fuzz;

import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.EnginePipe.End;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Ends of connections that a target drives, by the backend that {@code -Dfuzz.tls} names; and what is demanded of them. */
final class Engines {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsBackend BACKEND = TlsBackend.named(System.getProperty("fuzz.tls", TlsBackend.JDK));
    private static final Map<TlsVersion, TlsContext> CLIENTS = new EnumMap<>(TlsVersion.class);
    private static final TlsContext SERVER = server();

    private Engines() {}

    private static TlsContext server() {
        try {
            for (TlsVersion version : TlsVersion.values()) {
                TlsConfig client = TlsConfig.builder()
                        .trust(AUTHORITY.certificates())
                        .versions(version)
                        .sessions(SessionCache.none())
                        .build();
                CLIENTS.put(version, BACKEND.context(client));
            }
            return BACKEND.context(TlsConfig.builder()
                    .identity(AUTHORITY.identity("localhost"))
                    .sessions(SessionCache.none())
                    .build());
        } catch (TlsException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A client that offers one version. */
    static End client(TlsVersion version) throws TlsException {
        return End.of("client", CLIENTS.get(version).client("localhost", 1));
    }

    /** A server for both. */
    static End newServer() throws TlsException {
        return End.of("server", SERVER.server());
    }

    /** Carries everything both have to say; what each said is added to what it is to be recorded in. */
    static void pump(End client, ByteArrayOutputStream forth, End server, ByteArrayOutputStream back) {
        for (int quiet = 0; quiet < 2; quiet++) {
            boolean moved = client.work();
            moved |= server.work();
            byte[] said = client.takeSaid();
            byte[] answered = server.takeSaid();
            forth.writeBytes(said);
            back.writeBytes(answered);
            server.inject(said);
            client.inject(answered);
            quiet = moved || said.length + answered.length > 0 ? -1 : quiet;
        }
    }

    /**
     * Fails unless the end is well, or has failed and blames the peer; and unless what it told as plaintext is the
     * beginning of what its peer has sent.
     */
    static void judge(End end, byte[] received, byte[] sent) {
        TlsException failure = end.failure();
        if (failure != null && failure.blame() != TlsException.Blame.PEER) {
            throw new AssertionError("a failure that blames " + failure.blame() + ", " + end, failure);
        }
        if (received.length > sent.length || !Arrays.equals(received, Arrays.copyOf(sent, received.length))) {
            throw new AssertionError("plaintext that nobody has sent: " + Arrays.toString(received) + ", " + end);
        }
    }
}
