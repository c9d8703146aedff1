package io.github.ioqueue.ssl.bouncycastle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.EnginePipe;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.security.Provider;
import java.security.Security;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is special about this backend. */
class BouncyCastleTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsConfig SERVER =
            TlsConfig.builder().identity(AUTHORITY.identity("server.test")).build();

    private final TlsBackend backend = TlsBackend.named("bouncycastle");

    private EnginePipe pipe(TlsConfig client, TlsConfig server) throws TlsException {
        return new EnginePipe(
                backend.context(client).client("server.test", 443),
                backend.context(server).server());
    }

    private static TlsConfig.Builder client() {
        return TlsConfig.builder().trust(AUTHORITY.certificates());
    }

    /** One connection that is good and ends, and one that each end raises an alert about. */
    private void connectAndFail() throws TlsException {
        try (EnginePipe good = pipe(client().build(), SERVER)) {
            good.handshake().client().engine().closeNotify();
            good.pump();
        }
        try (EnginePipe bad = pipe(TlsConfig.defaults(), SERVER)) {
            assertThat(bad.pump().client().failure()).isNotNull();
            assertThat(bad.server().failure()).isNotNull();
        }
        try (EnginePipe bad = pipe(
                client().versions(TlsVersion.TLS_1_2).build(),
                TlsConfig.builder()
                        .identity(SERVER.identities().get(0))
                        .versions(TlsVersion.TLS_1_3)
                        .build())) {
            assertThat(bad.pump().server().failure()).isNotNull();
        }
    }

    @Test
    void nothingIsRegisteredWithTheJvm() throws Exception {
        Provider[] before = Security.getProviders();
        Provider tls = SSLContext.getDefault().getProvider();
        connectAndFail();
        assertThat(Security.getProviders()).isEqualTo(before);
        assertThat(before).extracting(Provider::getName).doesNotContain("BC", "BCJSSE");
        assertThat(SSLContext.getInstance("TLS").getProvider()).isSameAs(tls);
    }

    @Test
    void connectionsAndAlertsAreNotLoggedUnlessTheUserWantsThem() throws Exception {
        assertThat(logged(this::connectAndFail)).isEmpty();
        Logger logger = Logger.getLogger("org.bouncycastle.jsse");
        Level silent = logger.getLevel();
        try {
            logger.setLevel(Level.INFO);
            assertThat(logged(this::connectAndFail)).isNotEmpty();
        } finally {
            logger.setLevel(silent);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static List<String> logged(Action action) throws Exception {
        ConcurrentLinkedQueue<String> messages = new ConcurrentLinkedQueue<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord message) {
                messages.add(message.getLevel() + " " + message.getLoggerName() + ": " + message.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger castle = Logger.getLogger("org.bouncycastle");
        castle.addHandler(handler);
        castle.setUseParentHandlers(false);
        try {
            action.run();
        } finally {
            castle.setUseParentHandlers(true);
            castle.removeHandler(handler);
        }
        return List.copyOf(messages);
    }

    @Test
    void itTellsWhatItCanDo() {
        EnumSet<TlsCapability> expected =
                EnumSet.of(TlsCapability.SUITE_CHOICE_1_3, TlsCapability.RSASSA_PSS, TlsCapability.KEY_CHOICE);
        if (Runtime.version().feature() >= 19) {
            expected.add(TlsCapability.SIGNATURE_CHOICE);
        }
        assertThat(backend.capabilities()).isEqualTo(expected);
        assertThat(backend.version())
                .startsWith("Bouncy Castle")
                .contains(Runtime.version().toString());
    }

    @Test
    void itListsTheSuitesThatTheJdkHasCiphersFor() throws Exception {
        assertThat(backend.algorithms().cipherSuites())
                .contains(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")
                .noneMatch(suite -> suite.matches(".*_(CCM|ARIA|CAMELLIA|SM4)(_.*|$)"))
                .doesNotContain("TLS_SHA256_SHA256", "TLS_SHA384_SHA384"); // RFC 9150: they hide nothing
    }

    @ParameterizedTest
    @EnumSource
    void noSuiteInCommonIsToldAsSuch(TlsVersion version) throws Exception {
        boolean newer = version == TlsVersion.TLS_1_3;
        try (EnginePipe pipe = pipe(
                client().versions(version)
                        .cipherSuites(
                                newer ? "TLS_CHACHA20_POLY1305_SHA256" : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                        .build(),
                TlsConfig.builder()
                        .identity(SERVER.identities().get(0))
                        .versions(version)
                        .cipherSuites(newer ? "TLS_AES_128_GCM_SHA256" : "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                        .build())) {
            assertThat(pipe.pump().server().failure())
                    .isInstanceOfSatisfying(
                            TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOTHING_IN_COMMON));
            assertThat(pipe.client().failure()).hasMessageContaining("handshake_failure");
        }
    }
}
