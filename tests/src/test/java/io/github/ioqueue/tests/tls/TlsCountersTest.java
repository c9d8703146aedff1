package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.probe.TlsCounters;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the probes of TLS tell. */
@Timeout(TlsRig.DEADLINE_SECONDS)
class TlsCountersTest {

    private static final int SIZE = 100_000;

    private final TestAuthority authority = TestAuthority.create();
    private final TlsCounters accepting = new TlsCounters();
    private final TlsCounters connecting = new TlsCounters();

    static List<String> backends() {
        return TlsRig.backends();
    }

    private TlsRig rig(String backend) throws Exception {
        TlsConfig config =
                TlsConfig.builder().identity(authority.identity("localhost")).build();
        return new TlsRig(
                FastTrack.ON,
                TlsRig.DEFAULT,
                TlsLayer.of(TlsBackend.named(backend).context(config), accepting));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void handshakesAndBytesAreCountedAtBothEnds(String backend) throws Exception {
        try (TlsRig rig = rig(backend)) {
            TlsConfig config = TlsConfig.builder()
                    .trust(authority.certificates())
                    .versions(TlsVersion.TLS_1_2)
                    .build();
            TlsLayer client = TlsLayer.of(TlsBackend.named(backend).context(config), connecting);
            for (int i = 0; i < 3; i++) { // one behind the other: the later ones resume the first
                EchoClient each = new EchoClient(i, SIZE, 10_000);
                rig.connect("localhost", client, each);
                each.awaitAll();
                rig.awaitEnd();
                assertThat(each.session().resumed()).isEqualTo(i > 0);
            }
        }
        for (TlsCounters.Snapshot now : List.of(accepting.snapshot(), connecting.snapshot())) {
            assertThat(now.handshakes()).isEqualTo(3);
            assertThat(now.handshaking()).isZero();
            assertThat(now.abandoned()).isZero();
            assertThat(now.failed())
                    .allSatisfy((reason, count) -> assertThat(count).isZero());
            assertThat(now.plaintextIn()).isEqualTo(3 * SIZE);
            assertThat(now.plaintextOut()).isEqualTo(3 * SIZE);
            assertThat(now.ciphertextIn()).isGreaterThan(3 * SIZE);
            assertThat(now.longestHandshakeNanos()).isPositive().isLessThanOrEqualTo(now.handshakeNanos());
        }
        assertThat(connecting.snapshot().resumed()).isEqualTo(2);
        assertThat(connecting.snapshot().ciphertextOut())
                .isEqualTo(accepting.snapshot().ciphertextIn());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void handshakesThatFailAreCountedByTheirReason(String backend) throws Exception {
        try (TlsRig rig = rig(backend)) {
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
                plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                rig.awaitRefused();
            }
            try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
                silent.shutdownOutput();
                rig.awaitRefused();
            }
            Socket rude = new Socket(InetAddress.getLoopbackAddress(), rig.port());
            rude.setSoLinger(true, 0);
            rude.close();
            rig.awaitRefused();
        }
        TlsCounters.Snapshot now = accepting.snapshot();
        assertThat(now.failed()).containsEntry(Reason.NOT_TLS, 1L).containsEntry(Reason.TRUNCATED, 1L);
        assertThat(now.abandoned()).isEqualTo(1);
        assertThat(now.handshakes()).isZero();
        assertThat(now.handshaking()).isZero();
        assertThat(TlsException.Reason.values()).hasSameSizeAs(now.failed().keySet());
    }
}
