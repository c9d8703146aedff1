package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.SpkiPin;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is configured is done, or refused: nothing is ignored in silence. */
abstract class TlsConfigContract extends TlsTrustContract {

    TlsConfigContract() {}

    private boolean can(TlsCapability capability) {
        return backend().capabilities().contains(capability);
    }

    private static TlsConfig.Builder serverConfig() {
        return TlsConfig.builder().identity(IDENTITY);
    }

    private static void assertRefused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_CONFIGURATION))
                .hasMessageContainingAll(words);
    }

    // ---- algorithms

    @Test
    void whatThereIsToOfferIsListed() throws Exception {
        assertThat(backend().algorithms().cipherSuites())
                .contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                .noneMatch(suite -> suite.contains("_anon_") || suite.contains("_NULL_"));
    }

    @Test
    void anOlderSuiteThatIsChosenIsTaken() throws Exception {
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        try (EnginePipe pipe = pipe(
                HOST,
                clientConfig().build(),
                serverConfig().versions(TlsVersion.TLS_1_2).cipherSuites(suite).build())) {
            pipe.handshake();
            assertThat(pipe.client().engine().session().cipherSuite()).isEqualTo(suite);
        }
    }

    @Test
    void aNewerSuiteThatIsChosenIsTakenOrTheChoiceIsRefused() throws Exception {
        String suite = "TLS_CHACHA20_POLY1305_SHA256";
        TlsConfig chosen =
                serverConfig().versions(TlsVersion.TLS_1_3).cipherSuites(suite).build();
        if (can(TlsCapability.SUITE_CHOICE_1_3)) {
            try (EnginePipe pipe = pipe(HOST, clientConfig().build(), chosen)) {
                pipe.handshake();
                assertThat(pipe.client().engine().session().cipherSuite()).isEqualTo(suite);
            }
        } else {
            assertRefused(() -> backend().context(chosen), backend().name(), "TLS 1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_NO_SUCH_SUITE",
                "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
                "TLS_RSA_WITH_NULL_SHA256",
                "TLS_RSA_WITH_3DES_EDE_CBC_SHA"
            })
    void aSuiteThatIsUnknownOrInsecureIsRefused(String suite) {
        assertRefused(
                () -> backend()
                        .context(clientConfig()
                                .versions(TlsVersion.TLS_1_2)
                                .cipherSuites(suite)
                                .build()),
                suite,
                backend().name());
    }

    @Test
    void aVersionWithoutASuiteIsRefused() {
        assertRefused(
                () -> backend()
                        .context(clientConfig()
                                .cipherSuites("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                                .build()),
                "1.3");
    }

    @Test
    void groupsThatAreChosenAreTheOnlyOnesOrTheChoiceIsRefused() throws Exception {
        TlsConfig chosen = clientConfig().groups("secp384r1").build();
        if (!can(TlsCapability.GROUP_CHOICE)) {
            assertRefused(() -> backend().context(chosen), "group");
            return;
        }
        try (EnginePipe pipe = pipe(HOST, chosen, serverConfig().build())) {
            pipe.handshake();
        }
        try (EnginePipe pipe =
                pipe(HOST, chosen, serverConfig().groups("secp521r1").build())) {
            assertThat(pipe.pump().server().failure()).isNotNull();
        }
        assertRefused(() -> backend().context(clientConfig().groups("no_such").build()), "no_such");
    }

    @Test
    void signaturesThatAreChosenAreTheOnlyOnesOrTheChoiceIsRefused() throws Exception {
        TlsConfig chosen =
                clientConfig().signatureSchemes("ecdsa_secp256r1_sha256").build();
        if (!can(TlsCapability.SIGNATURE_CHOICE)) {
            assertRefused(() -> backend().context(chosen), "signature");
            return;
        }
        try (EnginePipe pipe = pipe(HOST, chosen, serverConfig().build())) {
            pipe.handshake();
        }
        TlsConfig other = clientConfig().signatureSchemes("rsa_pss_rsae_sha256").build();
        try (EnginePipe pipe = pipe(HOST, other, serverConfig().build())) {
            assertThat(pipe.pump().server().failure()).isNotNull();
        }
        assertRefused(
                () -> backend()
                        .context(clientConfig().signatureSchemes("no_such").build()),
                "no_such");
    }

    // ---- identities

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        TlsIdentity mixed = new TlsIdentity(AUTHORITY.identity(HOST).key(), IDENTITY.chain());
        assertRefused(
                () -> backend().context(TlsConfig.builder().identity(mixed).build()), "belong together");
    }

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

    // ---- trust beyond the chain

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

    @ParameterizedTest
    @EnumSource
    void aVerifierOfOnesOwnIsAskedLastAndMayRefuse(TlsVersion version) throws Exception {
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
        TlsConfig refusing = clientConfig()
                .verifier((chain, host) -> {
                    throw new CertificateException("not on my list");
                })
                .build();
        try (EnginePipe pipe = pipe(HOST, refusing, server)) {
            assertFails(pipe.pump().client(), Reason.UNTRUSTED);
            assertThat(pipe.client().failure()).hasMessageContaining("not on my list");
            assertFails(pipe.server(), Reason.PEER_ALERT);
        }
    }

    // ---- sessions

    @ParameterizedTest
    @EnumSource
    void aSecondConnectionResumesExactlyWhereItCan(TlsVersion version) throws Exception {
        assertThat(resumes(version, SessionCache.defaults(), SessionCache.defaults()))
                .isEqualTo(version == TlsVersion.TLS_1_2 || can(TlsCapability.RESUMPTION_1_3));
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsResumedWhereOneEndRemembersNothing(TlsVersion version) throws Exception {
        assertThat(resumes(version, SessionCache.none(), SessionCache.defaults()))
                .isFalse();
        assertThat(resumes(version, SessionCache.defaults(), SessionCache.none()))
                .isFalse();
    }

    /** A resumed handshake shows no certificate, so the server has much less to say. */
    private boolean resumes(TlsVersion version, SessionCache here, SessionCache there) throws Exception {
        TlsContext client = backend()
                .context(clientConfig().versions(version).sessions(here).build());
        TlsContext server = backend()
                .context(serverConfig().versions(version).sessions(there).build());
        long[] said = new long[2];
        boolean[] told = new boolean[2];
        for (int i = 0; i < said.length; i++) {
            try (EnginePipe pipe = new EnginePipe(client.client(HOST, 443), server.server())) {
                pipe.handshake();
                said[i] = pipe.server().said();
                told[i] = Boolean.TRUE.equals(pipe.client().engine().session().resumed());
                assertThat(pipe.server().engine().session().resumed()).isIn(null, told[i]);
                pipe.client().send(random(1));
                pipe.server().send(random(1)); // some keep their ticket until they have something to send
                pipe.pump();
                pipe.client().engine().closeNotify();
                pipe.server().engine().closeNotify();
                pipe.pump();
            }
        }
        boolean resumed = said[1] < said[0] - IDENTITY.certificate().getEncoded().length / 2;
        assertThat(told[0]).isFalse();
        assertThat(told[1]).isEqualTo(resumed);
        return resumed;
    }

    // ---- keys

    @ParameterizedTest
    @EnumSource
    void bothEndsExportTheSameKeyingMaterial(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            pipe.handshake();
            var client = pipe.client().engine();
            var server = pipe.server().engine();
            if (!can(TlsCapability.EXPORTER)) {
                assertThatThrownBy(() -> client.exportKeyingMaterial("EXPORTER-test", null, 32))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            byte[] material = client.exportKeyingMaterial("EXPORTER-test", new byte[] {1}, 32);
            assertThat(material)
                    .hasSize(32)
                    .isEqualTo(server.exportKeyingMaterial("EXPORTER-test", new byte[] {1}, 32))
                    .isNotEqualTo(server.exportKeyingMaterial("EXPORTER-test", new byte[] {2}, 32));
        }
    }

    @Test
    void aKeyUpdateLosesNothing() throws Exception {
        try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3).handshake()) {
            if (!can(TlsCapability.REKEY)) {
                assertThatThrownBy(() -> pipe.client().engine().rekey())
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            for (int i = 0; i < 20; i++) {
                pipe.client().send(random(1000));
                pipe.server().send(random(1000));
                (i % 2 == 0 ? pipe.client() : pipe.server()).engine().rekey();
                pipe.client().send(random(1000));
                pipe.pump();
                assertThat(pipe.server().takeReceived()).hasSize(2000);
                assertThat(pipe.client().takeReceived()).hasSize(1000);
            }
        }
    }

    @Test
    void aPeerNegotiatesAnewAsOftenAsItMay() throws Exception {
        if (!can(TlsCapability.REKEY)) {
            return; // this engine cannot ask for it, and another one's asking belongs to the tests between engines
        }
        for (int allowed = 0; allowed < 3; allowed++) {
            TlsConfig server = serverConfig()
                    .versions(TlsVersion.TLS_1_2)
                    .limits(TlsLimits.defaults().withRenegotiations(allowed))
                    .build();
            try (EnginePipe pipe = pipe(HOST, clientConfig().build(), server).handshake()) {
                for (int i = 0; i < allowed; i++) {
                    pipe.client().send(random(100));
                    pipe.client().engine().rekey();
                    pipe.client().send(random(100));
                    pipe.server().send(random(100));
                    pipe.pump();
                    assertThat(pipe.server().takeReceived()).hasSize(200);
                    assertThat(pipe.client().takeReceived()).hasSize(100);
                }
                pipe.client().engine().rekey();
                assertFails(pipe.pump().server(), Reason.RENEGOTIATION);
            }
        }
    }

    @Test
    void renegotiationIsAllowedOnlyWhereItCanBe() {
        TlsConfig allowing = serverConfig()
                .limits(TlsLimits.defaults().withRenegotiations(1))
                .build();
        if (!can(TlsCapability.RENEGOTIATION)) {
            assertRefused(() -> backend().context(allowing), "negotiate anew");
        }
    }
}
