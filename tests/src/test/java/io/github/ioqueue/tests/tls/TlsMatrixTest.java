package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same echo under TLS: client's engine, server's engine, version, fast track; wide and narrow socket buffers. */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class TlsMatrixTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    /** Around the size of a record and of a buffer, and far beyond. */
    private static final int[] PIECES = {1, 16_383, 100, 16_384, 16_385, 65_536, 7, 300_000, 2};

    static Stream<Arguments> combinations() {
        return TlsRig.backends().stream()
                .flatMap(server -> TlsRig.backends().stream()
                        .flatMap(client -> Stream.of(TlsVersion.values())
                                .flatMap(version -> Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(1))
                                        .map(track -> Arguments.of(server, client, version, track)))));
    }

    @ParameterizedTest(name = "server {0}, client {1}, {2}, fast track {3}")
    @MethodSource("combinations")
    void everyByteComesBack(String server, String client, TlsVersion version, FastTrack track) throws Exception {
        for (int bufferSize : new int[] {TlsRig.DEFAULT, 4096, 9000}) {
            echo(server, client, version, track, bufferSize);
        }
    }

    private static void echo(String server, String client, TlsVersion version, FastTrack track, int bufferSize)
            throws Exception {
        TlsConfig serverConfig =
                TlsConfig.builder().identity(AUTHORITY.identity("localhost")).build();
        TlsLayer clientLayer = TlsRig.layer(
                client,
                TlsConfig.builder()
                        .trust(AUTHORITY.certificates())
                        .versions(version)
                        .build());
        try (TlsRig rig = new TlsRig(track, bufferSize, TlsRig.layer(server, serverConfig))) {
            EchoClient[] clients = new EchoClient[3];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = new EchoClient(i, bufferSize == TlsRig.DEFAULT ? 2 << 20 : 400_000, PIECES);
                rig.connect("localhost", clientLayer, clients[i]);
            }
            for (EchoClient each : clients) {
                assertThat(each.awaitAll().kind()).isEqualTo(CloseReason.Kind.LOCAL);
                assertThat(each.session().version()).isEqualTo(version);
                assertThat(rig.awaitEnd().kind()).isEqualTo(CloseReason.Kind.PEER_END);
            }
        }
    }
}
