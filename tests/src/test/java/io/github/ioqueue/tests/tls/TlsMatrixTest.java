package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import io.github.ioqueue.tests.Pairwise;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same echo under TLS: client's engine, server's engine, version, kind of key, fast track, wide and narrow socket
 * buffers; and in each row payloads around the size of a record, of a buffer and of the send limit, all at a time.
 */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class TlsMatrixTest {

    private static final long SEED = Long.getLong("matrix.seed", System.nanoTime());

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final Map<KeyKind, TlsIdentity> IDENTITIES = identities();

    private static final int[] PAYLOADS = {0, 1, 16_383, 16_384, 16_385, 64 << 10, 1 << 20};
    private static final int[] MIXED = {1, 16_383, 100, 16_384, 16_385, 65_536, 7, 300_000, 2};

    private static Map<KeyKind, TlsIdentity> identities() {
        Map<KeyKind, TlsIdentity> identities = new EnumMap<>(KeyKind.class);
        for (KeyKind kind : KeyKind.values()) {
            identities.put(
                    kind, AUTHORITY.request().names("localhost").key(kind).issue());
        }
        return identities;
    }

    private static Pairwise rows() {
        return Pairwise.of(
                row -> knows((String) row[0], (KeyKind) row[3]) && knows((String) row[1], (KeyKind) row[3]),
                TlsRig.backends(),
                TlsRig.backends(),
                List.of(TlsVersion.values()),
                List.of(KeyKind.values()),
                List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(SEED)),
                List.of(TlsRig.DEFAULT, 4096, 9000));
    }

    /** Whether a backend shows and accepts certificates with such keys. */
    private static boolean knows(String backend, KeyKind kind) {
        Set<TlsCapability> capabilities = TlsBackend.named(backend).capabilities();
        return switch (kind) {
            case ED25519 -> capabilities.contains(TlsCapability.ED25519);
            case RSA_PSS -> capabilities.contains(TlsCapability.RSASSA_PSS);
            default -> true;
        };
    }

    static List<Object[]> pairs() {
        System.out.println("rows of -Dmatrix.seed=" + SEED);
        return rows().pairs(SEED);
    }

    static List<Object[]> product() {
        return rows().product();
    }

    @ParameterizedTest(name = "server {0}, client {1}, {2}, key {3}, fast track {4}, buffers {5}")
    @MethodSource("pairs")
    void everyByteComesBack(
            String server, String client, TlsVersion version, KeyKind key, FastTrack track, int bufferSize)
            throws Exception {
        echo(server, client, version, key, track, bufferSize);
    }

    @Tag("slow")
    @ParameterizedTest(name = "server {0}, client {1}, {2}, key {3}, fast track {4}, buffers {5}")
    @MethodSource("product")
    void everyByteComesBackWithAnyOtherThreeOrMoreTogether(
            String server, String client, TlsVersion version, KeyKind key, FastTrack track, int bufferSize)
            throws Exception {
        echo(server, client, version, key, track, bufferSize);
    }

    private static void echo(
            String server, String client, TlsVersion version, KeyKind key, FastTrack track, int bufferSize)
            throws Exception {
        TlsLayer serverLayer = TlsRig.layer(server, serverConfig(key));
        TlsLayer clientLayer = TlsRig.layer(client, clientConfig(version));
        try (TlsRig rig = new TlsRig(track, bufferSize, serverLayer)) {
            List<EchoClient> clients = new ArrayList<>();
            for (int payload : PAYLOADS) {
                clients.add(new EchoClient(payload, times(payload, bufferSize) * payload, payload));
            }
            clients.add(new EchoClient(SEED, 400_000, MIXED));
            clients.forEach(each -> rig.connect("localhost", clientLayer, each));
            for (EchoClient each : clients) {
                assertThat(each.awaitAll().kind()).isEqualTo(CloseReason.Kind.LOCAL);
                assertThat(each.session().version()).isEqualTo(version);
                assertThat(rig.awaitEnd().kind()).isEqualTo(CloseReason.Kind.PEER_END);
            }
        }
    }

    /** Once by each kind of send; but much through narrow windows, where the system pauses, by one only. */
    private static int times(int payload, int bufferSize) {
        return bufferSize != TlsRig.DEFAULT && payload > 100_000 ? 1 : 2;
    }

    private static TlsConfig serverConfig(KeyKind key) {
        return TlsConfig.builder().identity(IDENTITIES.get(key)).build();
    }

    private static TlsConfig clientConfig(TlsVersion version) {
        return TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .versions(version)
                .build();
    }
}
