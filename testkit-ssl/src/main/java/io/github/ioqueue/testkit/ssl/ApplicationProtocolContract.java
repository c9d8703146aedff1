package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.ProtocolPolicy;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What else the two ends tell each other in the handshake: application protocols, and stapled answers. */
abstract class ApplicationProtocolContract extends BufferContract {

    private static final String ALPN =
            "An application protocol is agreed on by the server's wish, or the handshake fails";

    private static final String[] NONE = {};

    ApplicationProtocolContract() {}

    private EnginePipe alpn(TlsVersion version, String[] offered, String... known) throws TlsException {
        return pipe(
                HOST,
                clientConfig().versions(version).applicationProtocols(offered).build(),
                serverConfig().applicationProtocols(known).build());
    }

    private static void assertAgreed(EnginePipe pipe, @Nullable String protocol) {
        pipe.handshake();
        assertThat(pipe.client().engine().session().applicationProtocol()).isEqualTo(protocol);
        assertThat(pipe.server().engine().session().applicationProtocol()).isEqualTo(protocol);
    }

    @Promise(ALPN)
    @ParameterizedTest
    @EnumSource
    void theServersMostWantedProtocolIsAgreedOn(TlsVersion version) throws Exception {
        try (EnginePipe pipe = alpn(version, new String[] {"a", "b", "c"}, "x", "c", "b")) {
            assertAgreed(pipe, "c");
        }
    }

    @Promise(ALPN)
    @ParameterizedTest
    @EnumSource
    void whereOneEndHasNoProtocolNoneIsAgreedOn(TlsVersion version) throws Exception {
        for (String[] offered : new String[][] {NONE, {"a"}}) {
            try (EnginePipe pipe = alpn(version, offered)) {
                assertAgreed(pipe, null);
            }
        }
        try (EnginePipe pipe = alpn(version, NONE, "a")) {
            assertAgreed(pipe, null);
        }
    }

    @Promise(ALPN)
    @ParameterizedTest
    @EnumSource
    void aProtocolHasUpTo255Bytes(TlsVersion version) throws Exception {
        String longest = "p".repeat(255);
        try (EnginePipe pipe = alpn(version, new String[] {"p", longest}, longest)) {
            assertAgreed(pipe, longest);
        }
    }

    @Promise(ALPN)
    @ParameterizedTest
    @EnumSource
    void noCommonProtocolIsAFailure(TlsVersion version) throws Exception {
        try (EnginePipe pipe = alpn(version, new String[] {"a"}, "b")) {
            TlsException failure = assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
            assertThat(failure).hasMessageContainingAll("[a]", "[b]");
            assertThat(pipe.server().engine().handshakeDone()).isFalse();
            boolean told =
                    pipe.client().failure() != null || pipe.client().engine().inboundClosed();
            assertThat(told).as(pipe.client().toString()).isTrue();
        }
    }

    @Promise(ALPN)
    @ParameterizedTest
    @EnumSource
    void noCommonProtocolIsBorneWhereThatIsWanted(TlsVersion version) throws Exception {
        TlsConfig server = serverConfig()
                .applicationProtocols("b")
                .protocolPolicy(ProtocolPolicy.OPTIONAL)
                .build();
        try (EnginePipe pipe = pipe(
                HOST, clientConfig().versions(version).applicationProtocols("a").build(), server)) {
            assertAgreed(pipe, null);
        }
    }

    @Promise(ALPN)
    @ParameterizedTest
    @EnumSource
    void aProtocolThatIsRequiredIsAgreedOnOrTheHandshakeFails(TlsVersion version) throws Exception {
        TlsConfig client = clientConfig()
                .versions(version)
                .applicationProtocols("a")
                .protocolPolicy(ProtocolPolicy.REQUIRED)
                .build();
        TlsConfig server = serverConfig()
                .applicationProtocols("a")
                .protocolPolicy(ProtocolPolicy.REQUIRED)
                .build();
        try (EnginePipe pipe = pipe(HOST, client, server)) {
            assertAgreed(pipe, "a");
        }
        try (EnginePipe pipe = pipe(HOST, client, serverConfig().build())) {
            assertFails(pipe.pump().client(), Reason.NOTHING_IN_COMMON);
            assertThat(pipe.client().engine().handshakeDone()).isFalse();
        }
        try (EnginePipe pipe = pipe(HOST, clientConfig().versions(version).build(), server)) {
            assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
            assertThat(pipe.server().engine().handshakeDone()).isFalse();
        }
    }

    @Promise("What the server staples is told: nothing, where it staples nothing")
    @ParameterizedTest
    @EnumSource
    void withoutAStapleThereIsNone(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            assertThat(pipe.client().engine().session().ocspResponses()).isEmpty();
            assertThat(pipe.server().engine().session().ocspResponses()).isEmpty();
        }
    }
}
