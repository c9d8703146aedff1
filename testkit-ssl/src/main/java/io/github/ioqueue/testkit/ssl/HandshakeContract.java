package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.ClientAuth;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Blame;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handshake, its facts, and the keys it is done with. */
abstract class HandshakeContract extends EngineContract {

    private static final String DONE = "A handshake is done, in pieces of any size, and its facts are there to stay";
    private static final String VERSIONS = "TLS 1.3 and 1.2 are spoken, the newer one if both ends do";
    private static final String KEYS = "An identity may have any kind of key that the backend has, at both ends";

    private static final String SHOWN = "A server shows the identity for the name that it is asked for";
    private static final String SENSE = "A configuration that cannot work is refused when it is made";

    HandshakeContract() {}

    // ---- what it comes to

    @Promise(DONE)
    @ParameterizedTest
    @EnumSource
    void theHandshakeIsDoneOnceAndItsFactsAreThere(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            assertThatThrownBy(() -> pipe.client().engine().session()).isInstanceOf(IllegalStateException.class);
            pipe.handshake();
            TlsSession session = pipe.client().engine().session();
            assertThat(session.version()).isEqualTo(version);
            assertThat(session.cipherSuite()).startsWith("TLS_");
            assertThat(session.peerCertificates()).containsExactly(IDENTITY.certificate());
            assertThat(session.applicationProtocol()).isNull();
            assertThat(pipe.server().engine().session().serverName()).isEqualTo(HOST);
            assertThat(pipe.server().engine().session().peerCertificates()).isEmpty();
        }
    }

    @Promise(DONE)
    @ParameterizedTest
    @EnumSource
    void itsFactsOutliveTheEngine(TlsVersion version) throws Exception {
        TlsSession session;
        try (EnginePipe pipe = pipe(version).handshake()) {
            session = pipe.client().engine().session();
        }
        assertThat(session.version()).isEqualTo(version);
        assertThat(session.peerCertificates()).containsExactly(IDENTITY.certificate());
    }

    @Promise(DONE)
    @ParameterizedTest
    @EnumSource
    void aClientThatVerifiesNoNameNeedsNone(TlsVersion version) throws Exception {
        TlsConfig client = clientConfig().insecureIgnoreName().versions(version).build();
        try (EnginePipe pipe = new EnginePipe(
                backend().context(client).client(null, 443),
                backend().context(serverConfig().build()).server())) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().serverName()).isNull();
        }
    }

    @Promise(DONE)
    @ParameterizedTest
    @EnumSource
    void aHandshakeThatComesByteByByteIsDone(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            pipe.chunk(1).handshake();
        }
    }

    /** One message in several records: what large key shares make of a first flight. */
    @Promise(DONE)
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50, 200})
    void aFirstFlightInSeveralRecordsIsRead(int pieceSize) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version)) {
                pipe.server().inject(inPieces(taken(pipe.client()), pieceSize));
                pipe.handshake();
            }
        }
    }

    private static byte[] inPieces(byte[] record, int pieceSize) {
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        for (int at = 5; at < record.length; at += pieceSize) {
            int size = Math.min(pieceSize, record.length - at);
            pieces.write(record, 0, 3); // type and version
            pieces.write(size >> 8);
            pieces.write(size);
            pieces.write(record, at, size);
        }
        return pieces.toByteArray();
    }

    @Promise("Engines of another make are understood, at either end")
    @ParameterizedTest
    @EnumSource
    void theJdksEngineIsUnderstoodAtEitherEnd(TlsVersion version) throws Exception {
        TlsConfig client = clientConfig().versions(version).build();
        try (EnginePipe pipe = referenceClient(client, serverConfig().build())) {
            exchange(pipe.handshake(), 40_000);
        }
        try (EnginePipe pipe = referenceServer(client, serverConfig().build())) {
            exchange(pipe.handshake(), 40_000);
        }
    }

    @Promise(DONE)
    @ParameterizedTest
    @EnumSource
    void nothingIsTakenBeforeTheHandshakeIsDone(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            ByteBuffer plaintext = ByteBuffer.wrap(random(10));
            Step step = pipe.client().engine().send(plaintext, ByteBuffer.allocate(64 << 10));
            assertThat(step).isIn(Step.WANT_INPUT, Step.WANT_FLUSH, Step.WANT_TASK);
            assertThat(plaintext.remaining()).isEqualTo(10);
        }
    }

    // ---- versions

    @Promise(VERSIONS)
    @Test
    void withBothVersionsTheNewerIsTaken() throws Exception {
        try (EnginePipe pipe = pipe(HOST, clientConfig().build(), serverConfig().build())) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().version()).isEqualTo(TlsVersion.TLS_1_3);
        }
    }

    @Promise(VERSIONS)
    @Test
    void noCommonVersionIsToldAsSuch() throws Exception {
        try (EnginePipe pipe = pipe(
                HOST,
                clientConfig().versions(TlsVersion.TLS_1_2).build(),
                serverConfig().versions(TlsVersion.TLS_1_3).build())) {
            assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
            assertFails(pipe.client(), Reason.PEER_ALERT);
            assertThat(pipe.client().failure()).hasMessageContaining("protocol_version");
        }
    }

    // ---- kinds of keys

    @Promise(KEYS)
    @ParameterizedTest
    @EnumSource(names = {"RSA", "EC", "EC_384"})
    void identitiesOfCommonKindsServeBothEnds(KeyKind kind) throws Exception {
        serveBothEnds(kind);
    }

    @Promise(value = KEYS, where = TlsCapability.ED25519)
    @Test
    void anIdentityOnEd25519ServesBothEndsOrIsRefused() throws Exception {
        serveBothEndsOrAreRefused(KeyKind.ED25519, TlsCapability.ED25519);
    }

    @Promise(value = KEYS, where = TlsCapability.RSASSA_PSS)
    @Test
    void anIdentityForRsassaPssServesBothEndsOrIsRefused() throws Exception {
        serveBothEndsOrAreRefused(KeyKind.RSA_PSS, TlsCapability.RSASSA_PSS);
    }

    private void serveBothEndsOrAreRefused(KeyKind kind, TlsCapability capability) throws Exception {
        if (can(capability)) {
            serveBothEnds(kind);
        } else {
            TlsIdentity identity = AUTHORITY.request().key(kind).names(HOST).issue();
            assertRefused(
                    () -> backend()
                            .context(TlsConfig.builder().identity(identity).build()),
                    capability.name());
        }
    }

    private void serveBothEnds(KeyKind kind) throws Exception {
        TlsIdentity server = AUTHORITY.request().key(kind).names(HOST).issue();
        TlsIdentity client = AUTHORITY.request().key(kind).issue();
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(
                    HOST,
                    clientConfig().identity(client).versions(version).build(),
                    TlsConfig.builder()
                            .identity(server)
                            .trust(AUTHORITY.certificates())
                            .clientAuth(ClientAuth.NEED)
                            .build())) {
                pipe.handshake();
                assertThat(pipe.client().engine().session().peerCertificates()).isEqualTo(server.chain());
                assertThat(pipe.server().engine().session().peerCertificates()).isEqualTo(client.chain());
            }
        }
    }

    // ---- which identity

    @Promise(SHOWN)
    @ParameterizedTest
    @EnumSource
    void theIdentityForTheNameThatIsAskedForIsShown(TlsVersion version) throws Exception {
        TlsIdentity other = AUTHORITY.identity("other.test");
        TlsConfig both = serverConfig().identity(other).versions(version).build();
        for (TlsIdentity expected : List.of(IDENTITY, other)) {
            String name = expected.equals(other) ? "other.test" : HOST;
            try (EnginePipe pipe = pipe(name, clientConfig().build(), both)) {
                pipe.handshake();
                assertThat(pipe.client().engine().session().peerCertificates()).isEqualTo(expected.chain());
            }
        }
        try (EnginePipe pipe =
                pipe("third.test", clientConfig().insecureIgnoreName().build(), both)) {
            pipe.handshake();
            assertThat(pipe.client().engine().session().peerCertificates()).isEqualTo(IDENTITY.chain());
        }
    }

    /** Also where the kinds of their keys differ. */
    @Promise(SHOWN)
    @ParameterizedTest
    @EnumSource
    void theNameDecidesAmongDifferentKindsOfKeys(TlsVersion version) throws Exception {
        TlsIdentity rsa = AUTHORITY.request().key(KeyKind.RSA).names("rsa.test").issue();
        for (TlsConfig server : ofBothOrders(rsa, IDENTITY)) {
            for (TlsIdentity expected : List.of(rsa, IDENTITY)) {
                String name = expected.equals(rsa) ? "rsa.test" : HOST;
                try (EnginePipe pipe =
                        pipe(name, clientConfig().versions(version).build(), server)) {
                    pipe.handshake();
                    assertThat(pipe.client().engine().session().peerCertificates())
                            .isEqualTo(expected.chain());
                }
            }
        }
    }

    @Promise(value = SHOWN, where = TlsCapability.KEY_CHOICE)
    @ParameterizedTest
    @EnumSource(names = {"RSA", "EC"})
    void ofSeveralKindsForANameOneThatTheClientCanUseIsShown(KeyKind kind) throws Exception {
        TlsIdentity rsa = AUTHORITY.request().key(KeyKind.RSA).names(HOST).issue();
        TlsConfig client = clientConfig()
                .versions(TlsVersion.TLS_1_2)
                .cipherSuites("TLS_ECDHE_" + (kind == KeyKind.RSA ? "RSA" : "ECDSA") + "_WITH_AES_128_GCM_SHA256")
                .build();
        for (TlsConfig server : ofBothOrders(rsa, IDENTITY)) {
            if (!can(TlsCapability.KEY_CHOICE)) {
                assertRefused(() -> backend().context(server), TlsCapability.KEY_CHOICE.name());
                continue;
            }
            try (EnginePipe pipe = pipe(HOST, client, server).handshake()) {
                assertThat(pipe.client().engine().session().peerCertificates())
                        .isEqualTo((kind == KeyKind.RSA ? rsa : IDENTITY).chain());
            }
        }
    }

    private static List<TlsConfig> ofBothOrders(TlsIdentity one, TlsIdentity other) {
        return List.of(
                TlsConfig.builder().identity(one).identity(other).build(),
                TlsConfig.builder().identity(other).identity(one).build());
    }

    @Promise(SENSE)
    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        TlsIdentity mixed = new TlsIdentity(AUTHORITY.identity(HOST).key(), IDENTITY.chain());
        assertRefused(
                () -> backend().context(TlsConfig.builder().identity(mixed).build()), "belong together");
    }

    /** Host names have no underscores, and yet there are such names. Some engines refuse them; none breaks on them. */
    @Promise(SHOWN)
    @ParameterizedTest
    @ValueSource(strings = {"serv_r.test", "-erver.test", "server.tes.", "SERVER.TEST"})
    void aClientThatAsksForAnOddNameIsAnsweredOrToBlame(String name) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version)) {
                byte[] hello = taken(pipe.client());
                int at = new String(hello, StandardCharsets.ISO_8859_1).indexOf(HOST);
                byte[] odd = name.getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(odd, 0, hello, at, odd.length);
                pipe.server().inject(hello);
                byte[] flight = taken(pipe.server());
                TlsException failure = pipe.server().failure();
                if (failure != null) {
                    assertThat(failure.blame()).as(failure.toString()).isEqualTo(Blame.PEER);
                } else {
                    assertThat(flight.length).isGreaterThan(200);
                }
            }
        }
    }

    @Promise(SENSE)
    @Test
    void aServerNeedsAnIdentity() {
        assertRefused(() -> backend().context(TlsConfig.defaults()).server(), "identity");
    }
}
