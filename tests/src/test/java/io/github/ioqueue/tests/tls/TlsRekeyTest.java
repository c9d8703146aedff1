package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that change while data flows both ways: key updates with TLS 1.3, renegotiations with TLS 1.2. */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class TlsRekeyTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final int[] PIECES = {1, 16_384, 100, 40_000};
    private static final int RENEGOTIATIONS = 5;

    /** ClientHello, ClientKeyExchange, ChangeCipherSpec, Finished. */
    private static final int RECORDS_EACH = 4;

    /** Asks for new keys at every so many pieces of what comes back. */
    private static final class Rekeying extends EchoClient {
        private final int every;
        private int pieces;
        int asked;

        Rekeying(int size, int every) {
            super(size, size, PIECES);
            this.every = every;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            super.onData(socket, in);
            if (++pieces % every == 0 && received() < size()) { // the last piece closes, and then no keys are changed
                ((SslSocket) socket).rekey();
                asked++;
            }
        }
    }

    static Stream<FastTrack> tracks() {
        return Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(1));
    }

    static Stream<Arguments> clientsThatCan() {
        return TlsRig.backends().stream()
                .filter(client -> can(client, TlsCapability.REKEY))
                .flatMap(client -> TlsRig.backends().stream()
                        .flatMap(server -> tracks().map(track -> Arguments.of(client, server, track))));
    }

    static Stream<Arguments> pairsThatNegotiateAnew() {
        return clientsThatCan().filter(pair -> can((String) pair.get()[1], TlsCapability.RENEGOTIATION));
    }

    private static boolean can(String backend, TlsCapability what) {
        return TlsBackend.named(backend).capabilities().contains(what);
    }

    private static TlsConfig.Builder server() {
        return TlsConfig.builder().identity(AUTHORITY.identity("localhost"));
    }

    private static TlsConfig client(TlsVersion version) {
        return TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .versions(version)
                .build();
    }

    @ParameterizedTest(name = "client {0}, server {1}, fast track {2}")
    @MethodSource("clientsThatCan")
    void keyUpdatesUnderLoadLoseNothing(String client, String server, FastTrack track) throws Exception {
        RecordCounter there = new RecordCounter(TlsBackend.named(server).context(server().build()));
        try (TlsRig rig = new TlsRig(track, TlsRig.DEFAULT, TlsLayer.of(there))) {
            Rekeying each = new Rekeying(2 << 20, 12);
            rig.connect("localhost", TlsRig.layer(client, client(TlsVersion.TLS_1_3)), each);
            assertThat(each.awaitAll().kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(each.asked).isPositive();
            assertThat(there.withoutData()).as("key updates").isGreaterThanOrEqualTo(each.asked);
        }
    }

    @ParameterizedTest(name = "client {0}, server {1}, fast track {2}")
    @MethodSource("pairsThatNegotiateAnew")
    void renegotiationsUnderLoadLoseNothingWhereTheyMayBe(String client, String server, FastTrack track)
            throws Exception {
        TlsConfig config =
                server().limits(TlsLimits.defaults().withRenegotiations(1000)).build();
        RecordCounter there = new RecordCounter(TlsBackend.named(server).context(config));
        try (TlsRig rig = new TlsRig(track, TlsRig.DEFAULT, TlsLayer.of(there))) {
            Rekeying each = new Rekeying(2 << 20, 1);
            each.window(100_000); // else a renegotiation's round trip is as long as all there is to send
            rig.connect("localhost", TlsRig.layer(client, client(TlsVersion.TLS_1_2)), each);
            assertThat(each.awaitAll().kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(there.withoutData())
                    .as("records of %d renegotiations and more", RENEGOTIATIONS)
                    .isGreaterThanOrEqualTo(RENEGOTIATIONS * RECORDS_EACH);
        }
    }

    @ParameterizedTest(name = "client {0}, server {1}, fast track {2}")
    @MethodSource("clientsThatCan")
    void renegotiationByThePeerIsRefusedByDefault(String client, String server, FastTrack track) throws Exception {
        try (TlsRig rig = new TlsRig(track, TlsRig.DEFAULT, TlsRig.layer(server, server().build()))) {
            Rekeying each = new Rekeying(2 << 20, 1);
            rig.connect("localhost", TlsRig.layer(client, client(TlsVersion.TLS_1_2)), each);
            CloseReason there = rig.awaitEnd();
            assertThat(there.kind()).isEqualTo(CloseReason.Kind.FAILED);
            assertThat(there.cause()).isInstanceOf(TlsException.class);
            if (can(server, TlsCapability.RENEGOTIATION)) {
                assertThat(((TlsException) there.cause()).reason()).isEqualTo(Reason.RENEGOTIATION);
            }
            each.awaitEnd();
        }
    }

    @ParameterizedTest(name = "client {0}, server {1}, fast track {2}")
    @MethodSource("pairsThatNegotiateAnew")
    void renegotiationByTheServerIsRefusedByDefault(String client, String server, FastTrack track) throws Exception {
        StreamHandler demanding = (socket, in) -> {
            in.position(in.limit());
            ((SslSocket) socket).rekey();
        };
        try (TlsRig rig =
                new TlsRig(track, TlsRig.DEFAULT, TlsRig.layer(server, server().build()), 1, r -> demanding)) {
            EchoClient each = new EchoClient(1, 100, 100);
            rig.connect("localhost", TlsRig.layer(client, client(TlsVersion.TLS_1_2)), each);
            CloseReason here = each.awaitEnd();
            TlsRig.assertEnd(here, CloseReason.Kind.FAILED);
            assertThat(((TlsException) here.cause()).reason()).isEqualTo(Reason.RENEGOTIATION);
        }
    }
}
