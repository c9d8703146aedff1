package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.ClientAuth;
import io.github.ioqueue.ssl.tls.SpkiPin;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Blame;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who vouches for the certificate? And what is asked beyond that. */
abstract class TrustContract extends NameContract {

    private static final String CHAINS = "The peer's chain is verified, and each refusal has its own reason";
    private static final String CLIENTS = "A server asks for a certificate, or does not, and verifies what it is shown";
    private static final String MORE = "Pins and a verifier of one's own are asked last, and can only refuse";

    /** The identifier of a common name, in DER (X.520). */
    private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};

    /** The type of its record. */
    private static final int ALERT = 21;

    TrustContract() {}

    // ---- chains

    /** An identity with something wrong, and what a peer has to say to it. */
    record Suspect(String what, TlsIdentity identity, Reason reason) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Suspect> suspects() {
        TestAuthority.Request named = AUTHORITY.request().names(HOST);
        TestAuthority middle = AUTHORITY.subordinate();
        return List.of(
                new Suspect("expired", AUTHORITY.request().names(HOST).expired().issue(), Reason.EXPIRED),
                new Suspect("not yet valid", named.notYetValid().issue(), Reason.EXPIRED),
                new Suspect(
                        "self-signed",
                        AUTHORITY.request().names(HOST).selfSigned().issue(),
                        Reason.UNTRUSTED),
                new Suspect("of a stranger", TestAuthority.create().identity(HOST), Reason.UNTRUSTED),
                new Suspect("without its issuer", alone(middle.identity(HOST)), Reason.UNTRUSTED),
                new Suspect("issued by a mere holder", AUTHORITY.impostor().identity(HOST), Reason.UNTRUSTED));
    }

    private static TlsIdentity alone(TlsIdentity identity) {
        return new TlsIdentity(identity.key(), List.of(identity.certificate()));
    }

    @Promise(CHAINS)
    @ParameterizedTest
    @MethodSource("suspects")
    void aServerWithACertificateLikeThisIsRefused(Suspect suspect) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version, HOST, suspect.identity)) {
                assertFails(pipe.pump().client(), suspect.reason);
                assertFails(pipe.server(), Reason.PEER_ALERT);
                assertThat(pipe.client().engine().handshakeDone()).isFalse();
            }
        }
    }

    @Promise(CHAINS)
    @ParameterizedTest
    @MethodSource("suspects")
    void withoutTheCheckEachOfTheseServersIsLetIn(Suspect suspect) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(
                    HOST,
                    clientConfig().insecureTrustAnyone().versions(version).build(),
                    TlsConfig.builder().identity(suspect.identity).build())) {
                pipe.handshake();
            }
        }
    }

    @Promise(CHAINS)
    @ParameterizedTest
    @MethodSource("suspects")
    void aClientWithACertificateLikeThisIsRefused(Suspect suspect) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(
                    HOST,
                    clientConfig().identity(suspect.identity).versions(version).build(),
                    mutual(ClientAuth.NEED).build())) {
                assertFails(pipe.pump().server(), suspect.reason);
                assertFails(pipe.client(), Reason.PEER_ALERT);
                assertThat(pipe.server().engine().handshakeDone()).isFalse();
            }
        }
    }

    @Promise(CHAINS)
    @ParameterizedTest
    @EnumSource
    void aChainOfSeveralIsFollowed(TlsVersion version) throws Exception {
        TlsIdentity identity = AUTHORITY.subordinate().subordinate().identity(HOST);
        try (EnginePipe pipe = pipe(version, HOST, identity).handshake()) {
            assertThat(pipe.client().engine().session().peerCertificates())
                    .hasSize(3)
                    .isEqualTo(identity.chain());
        }
    }

    @Promise(CHAINS)
    @ParameterizedTest
    @EnumSource
    void aCertificateThatIsItselfTrustedNeedsNoAuthority(TlsVersion version) throws Exception {
        TlsIdentity own = AUTHORITY.request().names(HOST).selfSigned().issue();
        TlsConfig client =
                TlsConfig.builder().trust(own.chain()).versions(version).build();
        TlsConfig server = TlsConfig.builder().identity(own).build();
        try (EnginePipe pipe = pipe(HOST, client, server)) {
            pipe.handshake();
        }
        try (EnginePipe pipe = pipe("other.test", client, server)) {
            assertFails(pipe.pump().client(), Reason.WRONG_NAME);
        }
    }

    @Promise("What is not set is secure")
    @Test
    void withDefaultsChainAndNameAreVerified() throws Exception {
        try (EnginePipe pipe = pipe(HOST, TlsConfig.defaults(), serverConfig().build())) {
            assertFails(pipe.pump().client(), Reason.UNTRUSTED);
        }
        try (EnginePipe pipe =
                pipe("other.test", clientConfig().build(), serverConfig().build())) {
            assertFails(pipe.pump().client(), Reason.WRONG_NAME);
        }
    }

    // ---- clients

    private static TlsConfig.Builder mutual(ClientAuth asked) {
        return serverConfig().trust(AUTHORITY.certificates()).clientAuth(asked);
    }

    private EnginePipe mutual(TlsVersion version, TlsConfig.Builder client, ClientAuth asked) throws TlsException {
        return pipe(HOST, client.versions(version).build(), mutual(asked).build());
    }

    @Promise(CLIENTS)
    @ParameterizedTest
    @EnumSource
    void aClientsCertificateIsVerifiedAndShown(TlsVersion version) throws Exception {
        TlsIdentity identity = AUTHORITY.identity("client.test");
        for (ClientAuth asked : new ClientAuth[] {ClientAuth.NEED, ClientAuth.WANT}) {
            try (EnginePipe pipe = mutual(version, clientConfig().identity(identity), asked)) {
                pipe.handshake();
                assertThat(pipe.server().engine().session().peerCertificates()).isEqualTo(identity.chain());
            }
        }
    }

    @Promise(CLIENTS)
    @ParameterizedTest
    @EnumSource
    void aClientThatHasNoneIsRefusedWhereItIsNeeded(TlsVersion version) throws Exception {
        try (EnginePipe pipe = mutual(version, clientConfig(), ClientAuth.NEED)) {
            assertFails(pipe.pump().server(), Reason.BAD_CERTIFICATE);
            assertFails(pipe.client(), Reason.PEER_ALERT);
        }
        try (EnginePipe pipe = mutual(version, clientConfig(), ClientAuth.WANT).handshake()) {
            assertThat(pipe.server().engine().session().peerCertificates()).isEmpty();
        }
    }

    @Promise(CLIENTS)
    @ParameterizedTest
    @EnumSource
    void aClientThatIsNotAskedShowsNothing(TlsVersion version) throws Exception {
        TlsIdentity identity = AUTHORITY.identity("client.test");
        try (EnginePipe pipe = mutual(version, clientConfig().identity(identity), ClientAuth.NONE)) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().peerCertificates()).isEmpty();
        }
    }

    /** TLS 1.2: there the request is not encrypted. */
    @Promise(CLIENTS)
    @Test
    void namesOfAuthoritiesThatAreNoneAreTheServersFault() throws Exception {
        TlsIdentity identity = AUTHORITY.identity("client.test");
        try (EnginePipe pipe = mutual(TlsVersion.TLS_1_2, clientConfig().identity(identity), ClientAuth.NEED)) {
            pipe.server().inject(taken(pipe.client()));
            byte[] flight = taken(pipe.server());
            flight[lastIndexOf(flight, COMMON_NAME)] ^= 1; // what follows is not an identifier any more
            pipe.client().inject(flight);
            byte[] said = taken(pipe.client());
            TlsException failure = Objects.requireNonNull(pipe.client().failure(), "it goes on");
            assertThat(failure.blame()).as(failure.toString()).isEqualTo(Blame.PEER);
            assertThat(said.length == 0 || said[0] == ALERT)
                    .as("nothing, or an alert")
                    .isTrue();
        }
    }

    private static int lastIndexOf(byte[] bytes, byte[] part) {
        for (int i = bytes.length - part.length; i >= 0; i--) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    // ---- beyond the chain

    @Promise(MORE)
    @ParameterizedTest
    @EnumSource
    void onlyAKeyThatIsPinnedIsBelieved(TlsVersion version) throws Exception {
        SpkiPin good = SpkiPin.of(IDENTITY.certificate());
        SpkiPin backup = SpkiPin.of(AUTHORITY.identity("backup").certificate());
        SpkiPin authority = SpkiPin.of(AUTHORITY.certificates().get(0));
        TlsConfig server = serverConfig().versions(version).build();
        try (EnginePipe pipe = pipe(HOST, clientConfig().pins(backup, good).build(), server)) {
            pipe.handshake();
        }
        try (EnginePipe pipe = pipe(HOST, clientConfig().pins(backup, authority).build(), server)) {
            assertFails(pipe.pump().client(), Reason.UNTRUSTED);
            assertThat(pipe.client().failure()).hasMessageContaining(good.sha256());
            assertFails(pipe.server(), Reason.PEER_ALERT);
        }
    }

    @Promise(MORE)
    @ParameterizedTest
    @EnumSource
    void aVerifierOfOnesOwnIsAskedLast(TlsVersion version) throws Exception {
        TlsConfig server = serverConfig().versions(version).build();
        List<String> asked = new ArrayList<>();
        TlsConfig watching = clientConfig()
                .verifier((chain, host) -> asked.add(chain.get(0).equals(IDENTITY.certificate()) + " " + host))
                .build();
        try (EnginePipe pipe = pipe(HOST, watching, server)) {
            pipe.handshake();
            assertThat(asked).containsExactly("true " + HOST);
        }
        try (EnginePipe pipe = pipe("wrong.test", watching, server)) {
            assertFails(pipe.pump().client(), Reason.WRONG_NAME);
            assertThat(asked).hasSize(1);
        }
    }

    @Promise(MORE)
    @ParameterizedTest
    @EnumSource
    void aServersVerifierSeesTheClient(TlsVersion version) throws Exception {
        List<String> asked = new ArrayList<>();
        TlsConfig server = mutual(ClientAuth.NEED)
                .verifier((chain, host) -> asked.add(chain.size() + " " + host))
                .build();
        TlsConfig client = clientConfig()
                .identity(AUTHORITY.identity("client.test"))
                .versions(version)
                .build();
        try (EnginePipe pipe = pipe(HOST, client, server)) {
            pipe.handshake();
            assertThat(asked).containsExactly("1 null");
        }
    }

    @Promise(MORE)
    @ParameterizedTest
    @EnumSource
    void aVerifierThatRefusesOrThrowsEndsTheHandshake(TlsVersion version) throws Exception {
        TlsConfig refusing = clientConfig()
                .verifier((chain, host) -> {
                    throw new CertificateException("not on my list");
                })
                .build();
        TlsConfig broken = clientConfig()
                .verifier((chain, host) -> {
                    throw new IllegalStateException("not on my list");
                })
                .build();
        for (TlsConfig client : List.of(refusing, broken)) {
            try (EnginePipe pipe =
                    pipe(HOST, client, serverConfig().versions(version).build())) {
                assertFails(pipe.pump().client(), Reason.UNTRUSTED);
                assertThat(pipe.client().failure()).hasMessageContaining("not on my list");
                assertFails(pipe.server(), Reason.PEER_ALERT);
            }
        }
    }
}
