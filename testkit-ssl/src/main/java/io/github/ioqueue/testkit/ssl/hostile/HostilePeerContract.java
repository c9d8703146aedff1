package io.github.ioqueue.testkit.ssl.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.testkit.ssl.hostile.PeerScript.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What hostile peers may do to a TLS backend, one test for each of {@link PeerScripts}: beside an engine alone, and through a
 * server or client on real sockets. Extend it in the tests of a backend:
 *
 * <pre>{@code
 * class MyBackendHostileTest extends HostilePeerContract {
 *     @Override
 *     protected TlsBackend backend() {
 *         return new MyBackend();
 *     }
 * }
 * }</pre>
 *
 * The honest part of a script is spoken by the JDK's engine.
 */
@Timeout(300)
public abstract class HostilePeerContract {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsIdentity IDENTITY = AUTHORITY.identity(PeerScripts.HOST, "localhost");
    /** Of prefixes so short there are all, of longer ones each so many bytes one. */
    private static final int BEGINNING = 64;

    private static final int STRIDE = 5;

    private static final int SEGMENT = 1460;
    private static final int HANDSHAKE_TYPE = 22;

    /** For those who extend it. */
    protected HostilePeerContract() {}

    /** The backend under test. */
    protected abstract TlsBackend backend();

    static Stream<Arguments> plays() {
        return PeerScripts.all().stream()
                .flatMap(script -> script.versions().stream().sorted().map(version -> Arguments.of(script, version)));
    }

    static Stream<Arguments> playsForEngines() {
        return plays().filter(play -> play.get()[0] instanceof PeerScript script && !script.limits());
    }

    private static TlsConfig client(TlsVersion version) {
        return TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .versions(version)
                .build();
    }

    private static TlsConfig server(TlsVersion version) {
        return TlsConfig.builder().identity(IDENTITY).versions(version).build();
    }

    private static TlsContext honest(PeerScript script, TlsVersion version) throws TlsException {
        return TlsBackend.named(TlsBackend.JDK)
                .context(script.peer() == Side.CLIENT ? client(version) : server(version));
    }

    // ---- an engine alone

    @ParameterizedTest
    @MethodSource("playsForEngines")
    void anEngineComesToTheRightEnd(PeerScript script, TlsVersion version) throws Exception {
        boolean client = script.peer() == Side.CLIENT;
        try (EnginePeer peer = new EnginePeer(
                client
                        ? honest(script, version).client(PeerScripts.HOST, 443)
                        : honest(script, version).server(),
                client
                        ? backend().context(server(version)).server()
                        : backend().context(client(version)).client(PeerScripts.HOST, 443))) {
            peer.listen();
            try {
                script.play(peer);
            } catch (IOException e) {
                assertThat(peer.victim().failure()).as(script + ": " + e).isNotNull();
            }
            peer.listen();
            assertEnd(script, peer.victim().failure(), peer.victim().engine().inboundClosed());
            assertNoCloseNotify(peer.victim().failure() != null, script, peer);
        }
    }

    private static void assertEnd(PeerScript script, @Nullable TlsException failure, boolean closed) {
        Set<Reason> reasons = script.reasons();
        if (failure == null) {
            boolean ends = reasons.contains(Reason.TRUNCATED) || (closed && reasons.contains(Reason.PEER_CLOSED));
            assertThat(reasons.isEmpty() || ends)
                    .as(script + " may not be borne, but fail by " + reasons)
                    .isTrue();
        } else {
            assertThat(reasons).as(script + ": " + failure).contains(failure.reason());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPrefixOfAHandshakeIsWaitedFor(TlsVersion version) throws Exception {
        byte[] hello;
        try (EnginePeer peer = victimServer(version)) {
            hello = peer.takeSaid();
        }
        for (int n = 0; n < hello.length; n += n < BEGINNING ? 1 : STRIDE) {
            try (EnginePeer peer = victimServer(version)) {
                peer.send(Arrays.copyOf(hello, n));
                assertThat(peer.victim().failure()).as("prefix of " + n).isNull();
                assertThat(peer.victim().engine().handshakeDone()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHelloOfSeveralSegmentsIsServed(TlsVersion version) throws Exception {
        String[] protocols = IntStream.range(0, 100)
                .mapToObj(i -> "protocol-number-" + i + "-of-a-client-with-many")
                .toArray(String[]::new);
        TlsConfig talkative = TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .insecureIgnoreName()
                .versions(version)
                .applicationProtocols(protocols)
                .build();
        String longest = "a.".repeat(120) + PeerScripts.HOST;
        try (EnginePeer peer = new EnginePeer(
                TlsBackend.named(TlsBackend.JDK).context(talkative).client(longest, 443),
                backend().context(server(version)).server())) {
            byte[] hello = peer.takeSaid();
            assertThat(hello).hasSizeGreaterThan(3 * SEGMENT);
            for (int at = 0; at < hello.length; at += SEGMENT) {
                peer.send(Arrays.copyOfRange(hello, at, Math.min(hello.length, at + SEGMENT)));
            }
            peer.handshake();
            assertThat(peer.victim().engine().handshakeDone()).isTrue();
        }
    }

    private EnginePeer victimServer(TlsVersion version) throws TlsException {
        return new EnginePeer(
                TlsBackend.named(TlsBackend.JDK).context(client(version)).client(PeerScripts.HOST, 443),
                backend().context(server(version)).server());
    }

    // ---- over sockets

    @ParameterizedTest
    @MethodSource("plays")
    void aSocketComesToTheRightEndAndNothingElseIsHarmed(PeerScript script, TlsVersion version) throws Exception {
        boolean client = script.peer() == Side.CLIENT;
        TlsLayer layer = TlsLayer.of(backend().context(client ? server(version) : client(version)));
        try (Victim victim = client ? Victim.server(layer) : Victim.client(layer);
                SocketPeer peer = new SocketPeer(
                        victim.connection(),
                        client
                                ? honest(script, version).client(PeerScripts.HOST, 443)
                                : honest(script, version).server())) {
            try {
                script.play(peer);
                peer.end();
            } catch (IOException e) {
                // the victim was faster
            }
            CloseReason why = victim.awaitEnd();
            assertEnd(script, why);
            assertRecordsOnly(peer.hearAll());
            assertNoCloseNotify(why.cause() != null, script, peer);
            victim.assertStillServes();
        }
    }

    private static void assertEnd(PeerScript script, CloseReason why) {
        CloseReason.Kind kind = why.kind();
        if (script.reasons().isEmpty()) {
            boolean ended = kind == CloseReason.Kind.PEER_END
                    || kind == CloseReason.Kind.TRUNCATED
                    || kind == CloseReason.Kind.RESET
                    || kind == CloseReason.Kind.LOCAL;
            assertThat(ended).as(script + ": " + why).isTrue();
        } else if (kind != CloseReason.Kind.RESET) {
            assertThat(why.cause())
                    .as(script + ": " + why)
                    .isInstanceOfSatisfying(
                            TlsException.class,
                            e -> assertThat(script.reasons())
                                    .as(script + ": " + e)
                                    .contains(e.reason()));
        }
    }

    /** The peer must not take what it got for the whole: a close_notify never comes behind a failure. */
    private static void assertNoCloseNotify(boolean failed, PeerScript script, PeerEnd peer) {
        peer.takeSaid(); // its engine reads what was heard
        assertThat(failed && peer.engine().inboundClosed())
                .as("close_notify behind the failure that " + script + " causes")
                .isFalse();
    }

    /** Whatever happened, not a byte goes out but in records: nothing in the clear behind a close_notify. */
    private static void assertRecordsOnly(byte[] heard) {
        ByteBuffer in = ByteBuffer.wrap(heard);
        while (in.remaining() >= 5) {
            int type = in.get(in.position());
            assertThat(type).isBetween(HANDSHAKE_TYPE - 2, HANDSHAKE_TYPE + 1);
            int length = 5 + Short.toUnsignedInt(in.getShort(in.position() + 3));
            if (length > in.remaining()) {
                return; // cut by a reset
            }
            in.position(in.position() + length);
        }
    }
}
