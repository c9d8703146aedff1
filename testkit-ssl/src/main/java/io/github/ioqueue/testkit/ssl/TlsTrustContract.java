package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.ClientAuth;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of {@link TlsBackendContract} about identities: whom a backend trusts, and what it shows. */
abstract class TlsTrustContract extends EngineContract {

    TlsTrustContract() {}

    // ---- whom to trust: each is refused for its own reason, and would be let in if nobody looked

    @ParameterizedTest
    @EnumSource
    void aCertificateForAnotherNameIsRefused(TlsVersion version) throws Exception {
        refused(version, "other.test", IDENTITY, Reason.WRONG_NAME);
        refused(version, "127.0.0.2", IDENTITY, Reason.WRONG_NAME);
        refused(version, "a.b.wild.test", IDENTITY, Reason.WRONG_NAME);
        refused(version, "wild.test", IDENTITY, Reason.WRONG_NAME);
    }

    @ParameterizedTest
    @EnumSource
    void namesWildcardsAndAddressesOfTheCertificateAreLetIn(TlsVersion version) throws Exception {
        for (String host : new String[] {HOST, "SERVER.test.", "a.wild.test", "127.0.0.1", "2001:db8:0::1"}) {
            try (EnginePipe pipe = pipe(version, host, IDENTITY)) {
                pipe.handshake();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCommonNameIsNoName(TlsVersion version) throws Exception {
        refused(version, HOST, AUTHORITY.request().commonName(HOST).issue(), Reason.WRONG_NAME);
    }

    @ParameterizedTest
    @EnumSource
    void aNameDoesNotEndAtANulByte(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version, HOST, AUTHORITY.identity(HOST + "\0.attacker.test"))) {
            pipe.pump();
            TlsException failure = Objects.requireNonNull(pipe.client().failure());
            assertThat(failure.blame()).isEqualTo(TlsException.Blame.PEER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateWhoseTimeIsOverOrHasNotComeIsRefused(TlsVersion version) throws Exception {
        refused(version, HOST, AUTHORITY.request().names(HOST).expired().issue(), Reason.EXPIRED);
        refused(version, HOST, AUTHORITY.request().names(HOST).notYetValid().issue(), Reason.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownAuthorityIsRefused(TlsVersion version) throws Exception {
        refused(version, HOST, TestAuthority.create().identity(HOST), Reason.UNTRUSTED);
    }

    private void refused(TlsVersion version, String host, TlsIdentity identity, Reason reason) throws TlsException {
        try (EnginePipe pipe = pipe(version, host, identity)) {
            assertFails(pipe.pump().client(), reason);
            assertFails(pipe.server(), Reason.PEER_ALERT);
            assertThat(pipe.server().takeReceived()).isEmpty();
        }
        UnaryOperator<TlsConfig.Builder> careless = reason == Reason.WRONG_NAME
                ? TlsConfig.Builder::insecureIgnoreName
                : TlsConfig.Builder::insecureTrustAnyone;
        try (EnginePipe pipe = pipe(
                host,
                careless.apply(clientConfig()).versions(version).build(),
                TlsConfig.builder().identity(identity).versions(version).build())) {
            pipe.handshake();
        }
    }

    @Test
    void aClientThatVerifiesNamesNeedsOne() {
        assertThatThrownBy(() -> backend().context(clientConfig().build()).client(null, 443))
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_CONFIGURATION));
    }

    @Test
    void aServerNeedsAnIdentity() {
        assertThatThrownBy(() -> backend().context(TlsConfig.defaults()).server())
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_CONFIGURATION));
    }

    @ParameterizedTest
    @EnumSource
    void theIdentityFitsTheNameThatIsAskedFor(TlsVersion version) throws Exception {
        TlsIdentity second = AUTHORITY.identity("second.test");
        try (EnginePipe pipe = pipe(
                "second.test",
                clientConfig().versions(version).build(),
                TlsConfig.builder().identity(IDENTITY).identity(second).build())) {
            pipe.handshake();
            assertThat(pipe.client().engine().session().peerCertificates()).containsExactly(second.certificate());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientsCertificateIsVerifiedAndShown(TlsVersion version) throws Exception {
        TlsConfig.Builder server = TlsConfig.builder()
                .identity(IDENTITY)
                .trust(AUTHORITY.certificates())
                .versions(version)
                .clientAuth(ClientAuth.NEED);
        TlsIdentity client = AUTHORITY.identity("client.test");
        try (EnginePipe pipe = pipe(HOST, clientConfig().identity(client).build(), server.build())) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().peerCertificates()).containsExactly(client.certificate());
        }
        try (EnginePipe pipe = pipe(HOST, clientConfig().build(), server.build())) {
            assertFails(pipe.pump().server(), Reason.BAD_CERTIFICATE);
        }
        TlsIdentity stranger = TestAuthority.create().identity("client.test");
        try (EnginePipe pipe = pipe(HOST, clientConfig().identity(stranger).build(), server.build())) {
            pipe.pump();
            assertThat(pipe.server().failure()).isNotNull();
        }
        try (EnginePipe pipe = pipe(
                HOST, clientConfig().build(), server.clientAuth(ClientAuth.WANT).build())) {
            pipe.handshake();
        }
    }
}
