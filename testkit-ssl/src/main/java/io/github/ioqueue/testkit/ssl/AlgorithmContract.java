package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is chosen is done, or refused: nothing is ignored in silence. */
abstract class AlgorithmContract extends ApplicationProtocolContract {

    private static final String CHOSEN = "Algorithms that are chosen are the only ones, or the choice is refused";
    private static final String LISTED = "What there is to choose from is listed, and nothing insecure is in it";

    private static final String DEFAULTS =
            "What is offered by default keeps its secrets when a key is lost, and authenticates what it encrypts";

    AlgorithmContract() {}

    @Promise(LISTED)
    @Test
    void whatThereIsToOfferIsListed() throws Exception {
        assertThat(backend().algorithms().cipherSuites())
                .contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                .noneMatch(suite -> suite.contains("_anon_") || suite.contains("_NULL_"));
    }

    @Promise(DEFAULTS)
    @Test
    void suitesOfYesterdayAreOfferedToThoseOnlyWhoAskForThem() throws Exception {
        String[] yesterday = backend().algorithms().cipherSuites().stream()
                .filter(suite -> suite.matches("TLS_RSA_WITH_AES_.*|TLS_ECDHE_RSA_WITH_AES_.*_CBC_.*"))
                .toArray(String[]::new);
        assertThat(yesterday).isNotEmpty();
        TlsIdentity rsa = AUTHORITY.request().key(KeyKind.RSA).names(HOST).issue();
        TlsConfig.Builder server = TlsConfig.builder().identity(rsa).versions(TlsVersion.TLS_1_2);
        TlsConfig.Builder client = clientConfig().versions(TlsVersion.TLS_1_2);
        TlsConfig serverByDefault = server.build();
        TlsConfig clientByDefault = client.build();
        TlsConfig olderServer = server.cipherSuites(yesterday).build();
        TlsConfig olderClient = client.cipherSuites(yesterday).build();
        try (EnginePipe pipe = pipe(HOST, olderClient, serverByDefault)) {
            assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
        }
        try (EnginePipe pipe = pipe(HOST, clientByDefault, olderServer)) {
            assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
        }
        try (EnginePipe pipe = pipe(HOST, olderClient, olderServer)) {
            pipe.handshake();
            assertThat(pipe.client().engine().session().cipherSuite()).isIn((Object[]) yesterday);
        }
    }

    /** Finite fields: a client that may choose the largest has a server work for nothing. */
    @Promise(value = DEFAULTS, where = TlsCapability.GROUP_CHOICE)
    @Test
    void groupsThatAreCostlyAreOfferedToThoseOnlyWhoAskForThem() throws Exception {
        TlsConfig costlyClient = clientConfig().groups("ffdhe2048").build();
        if (!can(TlsCapability.GROUP_CHOICE)) {
            assertRefused(() -> backend().context(costlyClient), "group");
            return;
        }
        TlsConfig costlyServer = serverConfig().groups("ffdhe2048").build();
        try (EnginePipe pipe = pipe(HOST, costlyClient, serverConfig().build())) {
            assertThat(pipe.pump().server().failure()).isNotNull();
        }
        try (EnginePipe pipe = pipe(HOST, clientConfig().build(), costlyServer)) {
            assertThat(pipe.pump().server().failure()).isNotNull();
        }
        try (EnginePipe pipe = pipe(HOST, costlyClient, costlyServer)) {
            pipe.handshake();
        }
    }

    @Promise(CHOSEN)
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

    @Promise(value = CHOSEN, where = TlsCapability.SUITE_CHOICE_1_3)
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

    @Promise(LISTED)
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

    @Promise(CHOSEN)
    @Test
    void aVersionWithoutASuiteIsRefused() {
        assertRefused(
                () -> backend()
                        .context(clientConfig()
                                .cipherSuites("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                                .build()),
                "1.3");
    }

    @Promise(value = CHOSEN, where = TlsCapability.GROUP_CHOICE)
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

    @Promise(value = CHOSEN, where = TlsCapability.SIGNATURE_CHOICE)
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

    /** Those for this kind of key, so that a handshake shows it. */
    @Promise(LISTED)
    @Test
    void eachSuiteThatIsListedCanBeChosen() throws Exception {
        List<String> suites = backend().algorithms().cipherSuites().stream()
                .filter(suite -> suite.startsWith("TLS_ECDHE_ECDSA_"))
                .toList();
        assertThat(suites).hasSizeGreaterThan(1);
        for (String suite : suites) {
            assertCanBeChosen(suite, IDENTITY);
        }
    }

    @Promise(LISTED)
    @Test
    void eachSuiteOfAFiniteFieldThatIsListedCanBeChosen() throws Exception {
        TlsIdentity rsa = AUTHORITY.request().key(KeyKind.RSA).names(HOST).issue();
        for (String suite : backend().algorithms().cipherSuites()) {
            if (suite.startsWith("TLS_DHE_RSA_")) {
                assertCanBeChosen(suite, rsa);
            }
        }
    }

    private void assertCanBeChosen(String suite, TlsIdentity identity) throws TlsException {
        TlsConfig client =
                clientConfig().versions(TlsVersion.TLS_1_2).cipherSuites(suite).build();
        TlsConfig server = TlsConfig.builder()
                .identity(identity)
                .versions(TlsVersion.TLS_1_2)
                .cipherSuites(suite)
                .build();
        try (EnginePipe pipe = pipe(HOST, client, server)) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().cipherSuite()).isEqualTo(suite);
        }
    }

    @Promise(value = LISTED, where = TlsCapability.GROUP_CHOICE)
    @Test
    void eachGroupThatIsListedCanBeChosen() throws Exception {
        List<String> groups = backend().algorithms().groups();
        assertThat(groups.isEmpty()).isEqualTo(!can(TlsCapability.GROUP_CHOICE));
        for (String group : groups) {
            if (!group.startsWith("ffdhe")) { // they are slow, and the same
                try (EnginePipe pipe = pipe(
                        HOST,
                        clientConfig().groups(group).build(),
                        serverConfig().versions(TlsVersion.TLS_1_3).build())) {
                    pipe.handshake();
                }
            }
        }
    }

    @Promise(value = LISTED, where = TlsCapability.SIGNATURE_CHOICE)
    @Test
    void signaturesAreListedExactlyWhereTheyCanBeChosen() throws Exception {
        assertThat(backend().algorithms().signatureSchemes().isEmpty()).isEqualTo(!can(TlsCapability.SIGNATURE_CHOICE));
    }
}
