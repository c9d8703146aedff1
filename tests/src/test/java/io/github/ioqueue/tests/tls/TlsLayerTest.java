package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.net.InetAddress;
import java.net.Socket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a TLS layer does for all its connections. */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class TlsLayerTest {

    private static final String BACKENDS = "io.github.ioqueue.tests.tls.TlsRig#backends";
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsConfig CLIENT =
            TlsConfig.builder().trust(AUTHORITY.certificates()).build();

    private static TlsConfig server(TlsIdentity identity) {
        return TlsConfig.builder().identity(identity).build();
    }

    private static void assertShown(TlsRig rig, TlsLayer client, TlsIdentity expected) throws Exception {
        EchoClient each = new EchoClient(1, 1000, 100);
        rig.connect("localhost", client, each);
        assertThat(each.awaitAll().kind()).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(each.session().peerCertificates()).isEqualTo(expected.chain());
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void aRenewedIdentityIsShownFromTheNextConnectionOnAndABadOneChangesNothing(String backend) throws Exception {
        TlsIdentity old = AUTHORITY.identity("localhost");
        TlsIdentity renewed = AUTHORITY.identity("localhost");
        TlsLayer layer = TlsRig.layer(backend, server(old));
        try (TlsRig rig = new TlsRig(FastTrack.ON, TlsRig.DEFAULT, layer)) {
            TlsLayer client = TlsRig.layer(backend, CLIENT);
            assertShown(rig, client, old);
            assertThatThrownBy(() -> layer.reload(server(new TlsIdentity(old.key(), renewed.chain()))))
                    .isInstanceOfSatisfying(
                            TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_CONFIGURATION));
            assertShown(rig, TlsRig.layer(backend, CLIENT), old);
            layer.reload(server(renewed));
            assertShown(rig, client, renewed); // whose session with the old one is not resumed
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void moreHandshakesThanMayBeAreRefusedAndTheirPlaceIsGivenBack(String backend) throws Exception {
        TlsLayer layer = TlsRig.layer(
                backend,
                TlsConfig.builder()
                        .identity(AUTHORITY.identity("localhost"))
                        .limits(TlsLimits.defaults().withHandshakes(2))
                        .build());
        try (TlsRig rig = new TlsRig(FastTrack.ON, TlsRig.DEFAULT, layer)) {
            try (Socket first = new Socket(InetAddress.getLoopbackAddress(), rig.port());
                    Socket second = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
                Awaitility.await().until(() -> layer.handshakes() == 2);
                EchoClient third = new EchoClient(1, 1000, 100);
                rig.connect("localhost", TlsRig.layer(backend, CLIENT), third);
                assertThat(rig.awaitRefused())
                        .isInstanceOfSatisfying(
                                TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_HANDSHAKES));
                assertThat(third.awaitEnd().kind()).isNotEqualTo(CloseReason.Kind.LOCAL);
                assertThat(first.isConnected() && second.isConnected()).isTrue();
            }
            Awaitility.await().until(() -> layer.handshakes() == 0);
            EchoClient last = new EchoClient(1, 1000, 100);
            rig.connect("localhost", TlsRig.layer(backend, CLIENT), last);
            last.awaitAll();
            assertThat(layer.handshakes()).isZero();
        }
    }
}
