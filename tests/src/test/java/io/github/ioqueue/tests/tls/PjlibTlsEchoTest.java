package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.ClientAuth;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The echo of PJLIB's test of TLS sockets: what two ends may agree on, a session used twice, a large message. */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class PjlibTlsEchoTest {

    private static final String PAIRS = "io.github.ioqueue.tests.tls.PjlibTlsEchoTest#pairs";
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final String AES_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    private static final long SEED = 20_260_101;

    static Stream<Arguments> pairs() {
        return TlsRig.backends().stream()
                .flatMap(client -> TlsRig.backends().stream().map(server -> Arguments.of(client, server)));
    }

    private static TlsConfig.Builder client() {
        return TlsConfig.builder().trust(AUTHORITY.certificates());
    }

    private static TlsConfig.Builder server() {
        return TlsConfig.builder().identity(AUTHORITY.identity("localhost", "127.0.0.1"));
    }

    private static boolean can(String backend, TlsCapability what) {
        return TlsBackend.named(backend).capabilities().contains(what);
    }

    // ---- what they agree on, and what not

    /** One row: what each end is given, and why the server refuses, or null. */
    @SuppressWarnings("ImmutableEnumChecker") // functions
    private enum Agreement {
        OLD_SUITE(AES_128, b -> b.versions(TlsVersion.TLS_1_2).cipherSuites(AES_128), b -> b, null),
        NEW_SUITE(
                "TLS_AES_128_GCM_SHA256",
                b -> b.versions(TlsVersion.TLS_1_3).cipherSuites("TLS_AES_128_GCM_SHA256"),
                b -> b,
                null),
        OLD_VERSION("", b -> b.versions(TlsVersion.TLS_1_2), b -> b.versions(TlsVersion.TLS_1_2), null),
        ONE_OF_BOTH_VERSIONS("TLS_", b -> b, b -> b.versions(TlsVersion.TLS_1_3), null),
        SERVER_TOO_NEW(
                "", b -> b.versions(TlsVersion.TLS_1_3), b -> b.versions(TlsVersion.TLS_1_2), Reason.NOTHING_IN_COMMON),
        SERVER_TOO_OLD(
                "", b -> b.versions(TlsVersion.TLS_1_2), b -> b.versions(TlsVersion.TLS_1_3), Reason.NOTHING_IN_COMMON),
        NO_SUITE_IN_COMMON(
                "",
                b -> b.versions(TlsVersion.TLS_1_2).cipherSuites(AES_128),
                b -> b.versions(TlsVersion.TLS_1_2).cipherSuites(AES_256),
                Reason.NOTHING_IN_COMMON),
        CLIENT_CERTIFICATE_MISSING(
                "", b -> b.trust(AUTHORITY.certificates()).clientAuth(ClientAuth.NEED), b -> b, Reason.BAD_CERTIFICATE),
        CLIENT_CERTIFICATE_SHOWN(
                "",
                b -> b.trust(AUTHORITY.certificates()).clientAuth(ClientAuth.NEED),
                b -> b.identity(AUTHORITY.identity("client.test")),
                null);

        private final String suite;
        private final UnaryOperator<TlsConfig.Builder> server;
        private final UnaryOperator<TlsConfig.Builder> client;
        private final Reason refusal;

        Agreement(
                String suite,
                UnaryOperator<TlsConfig.Builder> server,
                UnaryOperator<TlsConfig.Builder> client,
                Reason refusal) {
            this.suite = suite;
            this.server = server;
            this.client = client;
            this.refusal = refusal;
        }
    }

    static Stream<Arguments> agreements() {
        return pairs().flatMap(pair -> Stream.of(Agreement.values())
                .filter(row ->
                        row != Agreement.NEW_SUITE || can((String) pair.get()[1], TlsCapability.SUITE_CHOICE_1_3))
                .map(row -> Arguments.of(pair.get()[0], pair.get()[1], row)));
    }

    @ParameterizedTest(name = "client {0}, server {1}, {2}")
    @MethodSource("agreements")
    void theyAgreeOrTheServerSaysWhyNot(String client, String server, Agreement row) throws Exception {
        TlsConfig here = row.client.apply(client()).build();
        TlsConfig there = row.server.apply(server()).build();
        try (TlsRig rig = TlsRig.server(server, there)) {
            Reluctant each = new Reluctant(SEED);
            rig.connect("localhost", TlsRig.layer(client, here), each);
            if (row.refusal == null) {
                TlsRig.assertEnd(each.awaitAll(), CloseReason.Kind.LOCAL);
                assertThat(each.session().cipherSuite()).startsWith(row.suite);
            } else {
                assertThat(rig.awaitRefused())
                        .isInstanceOfSatisfying(
                                TlsException.class, e -> assertThat(e.reason()).isEqualTo(row.refusal));
                assertThat(each.awaitEnd().cause())
                        .isInstanceOfSatisfying(
                                TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.PEER_ALERT));
            }
        }
    }

    /** Sends 1 to 6 KiB in pieces of a few hundred bytes, and leaves up to 99 bytes of what comes for the next time. */
    private static final class Reluctant extends EchoClient {
        private final Random random;

        Reluctant(long seed) {
            this(seed, new Random(seed));
        }

        private Reluctant(long seed, Random random) {
            super(seed, 1024 + random.nextInt(5 * 1024), 1 + random.nextInt(300), 1 + random.nextInt(300));
            this.random = random;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            boolean last = received() + in.remaining() == size();
            int left = last ? 0 : Math.min(in.remaining(), random.nextInt(100));
            int limit = in.limit();
            super.onData(socket, in.limit(limit - left));
            in.limit(limit);
        }
    }

    // ---- a session is used twice

    @ParameterizedTest(name = "client {0}, server {1}")
    @MethodSource(PAIRS)
    void theSecondConnectionUsesTheSessionOfTheFirst(String client, String server) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            if (version == TlsVersion.TLS_1_2
                    || (can(client, TlsCapability.RESUMPTION_1_3) && can(server, TlsCapability.RESUMPTION_1_3))) {
                reuse(client, server, version);
            }
        }
    }

    private static void reuse(String client, String server, TlsVersion version) throws Exception {
        AtomicInteger verified = new AtomicInteger();
        TlsConfig config = client().versions(version)
                .verifier((chain, host) -> verified.incrementAndGet())
                .build();
        TlsLayer layer = TlsRig.layer(client, config);
        try (TlsRig rig = TlsRig.server(server, server().build())) {
            echo(rig, layer);
            assertThat(verified).hasValue(1);
            echo(rig, layer);
            assertThat(verified)
                    .as("%s: a resumed session is not verified again", version)
                    .hasValue(1);
            echo(rig, TlsRig.layer(client, config));
            assertThat(verified).as("a client that remembers nothing").hasValue(2);
        }
    }

    private static void echo(TlsRig rig, TlsLayer layer) throws Exception {
        EchoClient each = new EchoClient(SEED, 1000, 100);
        rig.connect("127.0.0.1", layer, each);
        each.awaitAll();
    }

    // ---- a large message

    @ParameterizedTest(name = "client {0}, server {1}")
    @MethodSource(PAIRS)
    void aLargeMessageIsThroughAtOnceExactlyWithTheFastTrackOn(String client, String server) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            assertThat(large(client, server, version, FastTrack.ON).done()).isPositive();
            assertThat(large(client, server, version, FastTrack.OFF).done()).isZero();
        }
    }

    private static EchoClient large(String client, String server, TlsVersion version, FastTrack track)
            throws Exception {
        try (TlsRig rig = new TlsRig(track, TlsRig.DEFAULT, TlsRig.layer(server, server().build()))) {
            EchoClient each = new EchoClient(SEED, 4 * 65_536, 65_536).byOps().held();
            rig.connect(
                    "localhost", TlsRig.layer(client, client().versions(version).build()), each);
            each.release(); // in a turn of its own: what the handshake still has to say goes before
            TlsRig.assertEnd(each.awaitAll(), CloseReason.Kind.LOCAL);
            return each;
        }
    }
}
