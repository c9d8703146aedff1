package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Blame;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom is the certificate? The same verdict on every backend (RFC 9525). */
abstract class NameContract extends HandshakeContract {

    private static final String NAMES = "The peer's name is verified by RFC 9525, alike on every backend";
    private static final String ASKED = "The name that is asked for is the name that is verified";

    /** The host, and the certificate's names. */
    private static final String GOOD = """
            server.test            | server.test
            SERVER.Test            | server.test
            server.test            | SERVER.test
            server.test.           | server.test
            localhost              | localhost
            b.test                 | a.test b.test
            a-b.3com.test          | a-b.3com.test
            a.wild.test            | *.wild.test
            A.WILD.test.           | *.wild.test
            b\u00fccher.test       | xn--bcher-kva.test
            B\u00dcCHER.test       | xn--bcher-kva.test
            xn--bcher-kva.test     | xn--bcher-kva.test
            a.b\u00fccher.test     | *.xn--bcher-kva.test
            xn--bcher-kva.test     | a.test XN--BCHER-KVA.test
            127.0.0.1              | 127.0.0.1
            ::ffff:127.0.0.1       | 127.0.0.1
            ::1                    | ::1
            [::1]                  | ::1
            0:0:0:0:0:0:0:1        | ::1
            2001:db8::1            | 2001:db8::1
            2001:DB8::1            | 2001:db8::1
            2001:0db8:0::0:1       | 2001:db8::1
            2001:db8::0.0.0.1      | 2001:db8::1
            fe80::1%1              | fe80::1
            """;

    private static final String BAD = """
            other.test             | server.test
            test                   | server.test
            sub.server.test        | server.test
            server.test.evil.test  | server.test
            xserver.test           | server.test
            erver.test             | server.test
            wild.test              | *.wild.test
            a.b.wild.test          | *.wild.test
            ab.wild.test           | a*.wild.test
            ab.wild.test           | *b.wild.test
            a.b.test               | a.*.test
            a.test                 | *.test
            localhost              | *
            127.0.0.2              | 127.0.0.1
            127.0.0.1              | DNS:127.0.0.1
            127.0.0.1              | DNS:*.0.0.1
            127.0.0.1              | localhost
            127.1                  | 127.0.0.1
            localhost              | 127.0.0.1
            ::2                    | ::1
            ::1                    | 127.0.0.1
            2001:db8::1            | 2001:db8:1::
            server.test            | URI:https://server.test
            """;

    NameContract() {}

    @Promise(NAMES)
    @ParameterizedTest
    @CsvSource(textBlock = GOOD, delimiter = '|')
    void whoeverTheCertificateIsForIsLetIn(String host, String names) throws Exception {
        TlsIdentity identity = AUTHORITY.identity(names.split(" "));
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version, host, identity)) {
                pipe.handshake();
            }
        }
    }

    @Promise(NAMES)
    @ParameterizedTest
    @CsvSource(textBlock = BAD, delimiter = '|')
    void whoeverItIsNotForIsRefused(String host, String names) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            refused(version, host, AUTHORITY.identity(names.split(" ")));
        }
    }

    /** So that what refuses them is the check of names, and nothing else that stands by chance in the way. */
    @Promise(NAMES)
    @ParameterizedTest
    @CsvSource(textBlock = BAD, delimiter = '|')
    void withoutTheCheckEachOfTheseIsLetIn(String host, String names) throws Exception {
        TlsIdentity identity = AUTHORITY.identity(names.split(" "));
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(
                    host,
                    clientConfig().insecureIgnoreName().versions(version).build(),
                    TlsConfig.builder().identity(identity).build())) {
                pipe.handshake();
            }
        }
    }

    private TlsException refused(TlsVersion version, String host, TlsIdentity identity) throws TlsException {
        try (EnginePipe pipe = pipe(version, host, identity)) {
            TlsException failure = assertFails(pipe.pump().client(), Reason.WRONG_NAME);
            assertFails(pipe.server(), Reason.PEER_ALERT);
            assertThat(pipe.server().takeReceived()).isEmpty();
            return failure;
        }
    }

    @Promise(NAMES)
    @ParameterizedTest
    @EnumSource
    void aCommonNameIsNoName(TlsVersion version) throws Exception {
        refused(version, HOST, AUTHORITY.request().commonName(HOST).issue());
        refused(
                version,
                HOST,
                AUTHORITY.request().commonName(HOST).names("other.test").issue());
    }

    @Promise(NAMES)
    @ParameterizedTest
    @EnumSource
    void aNameDoesNotEndAtANulByte(TlsVersion version) throws Exception {
        for (TlsIdentity identity : new TlsIdentity[] {
            AUTHORITY.identity(HOST + "\0.attacker.test"),
            AUTHORITY.request().commonName(HOST + "\0.attacker.test").issue()
        }) {
            try (EnginePipe pipe = pipe(version, HOST, identity)) {
                pipe.pump();
                TlsException failure = Objects.requireNonNull(pipe.client().failure());
                assertThat(failure.blame()).isEqualTo(Blame.PEER);
                assertThat(failure).hasMessageNotContaining("\0");
            }
        }
    }

    @Promise(NAMES)
    @ParameterizedTest
    @EnumSource
    void ofAThousandNamesEachCounts(TlsVersion version) throws Exception {
        TlsIdentity many = AUTHORITY.identity(
                Stream.concat(IntStream.range(0, 999).mapToObj(i -> "host-" + i + ".test"), Stream.of(HOST))
                        .toArray(String[]::new));
        for (String host : new String[] {"host-0.test", "host-500.test", HOST}) {
            try (EnginePipe pipe = pipe(version, host, many)) {
                pipe.handshake();
            }
        }
        assertThat(refused(version, "host-1000.test", many).getMessage()).hasSizeLessThan(1000);
    }

    /** Some engines bear it, some do not; none hangs, and none takes it for another's fault. */
    @Promise(NAMES)
    @ParameterizedTest
    @EnumSource
    void aCertificateBeyondAllMeasureIsReadOrRefused(TlsVersion version) throws Exception {
        String label = "a".repeat(60);
        TlsIdentity huge = AUTHORITY.identity(IntStream.range(0, 1500)
                .mapToObj(i -> label + "." + label + "." + i + ".test")
                .toArray(String[]::new));
        try (EnginePipe pipe = pipe(version, label + "." + label + ".7.test", huge)) {
            pipe.pump();
            if (!pipe.client().engine().handshakeDone()) {
                TlsException failure = Objects.requireNonNullElseGet(
                        pipe.client().failure(),
                        () -> Objects.requireNonNull(pipe.server().failure()));
                assertThat(failure.blame()).isEqualTo(Blame.PEER);
            }
        }
    }

    @Promise(NAMES)
    @ParameterizedTest
    @EnumSource
    void theFailureTellsWhatWasExpectedAndWhatWasThere(TlsVersion version) throws Exception {
        assertThat(refused(version, "wrong.test", IDENTITY)).hasMessageContainingAll("wrong.test", HOST, "127.0.0.1");
    }

    // ---- asking

    @Promise(ASKED)
    @ParameterizedTest
    @EnumSource
    void theConfiguredNameIsAskedForAndVerifiedInsteadOfTheHost(TlsVersion version) throws Exception {
        TlsConfig client = clientConfig().serverName(HOST).versions(version).build();
        for (String host : new String[] {"other.test", "127.0.0.2"}) {
            try (EnginePipe pipe = pipe(host, client, serverConfig().build())) {
                pipe.handshake();
                assertThat(pipe.server().engine().session().serverName()).isEqualTo(HOST);
                assertThat(pipe.client().engine().session().serverName()).isEqualTo(HOST);
            }
        }
        TlsConfig wrong =
                clientConfig().serverName("other.test").versions(version).build();
        try (EnginePipe pipe = pipe(HOST, wrong, serverConfig().build())) {
            assertFails(pipe.pump().client(), Reason.WRONG_NAME);
        }
    }

    /** A name stands for its owner, whatever addresses it resolves to (RFC 9525, 6.1). */
    @Promise(ASKED)
    @ParameterizedTest
    @EnumSource
    void aNameIsNeverReplacedByItsAddress(TlsVersion version) throws Exception {
        refused(version, "localhost", AUTHORITY.identity("127.0.0.1", "::1"));
    }

    /** RFC 6066, 3: no addresses, no dot at the end. */
    @Promise(ASKED)
    @ParameterizedTest
    @CsvSource(textBlock = """
                    server.test.        | server.test
                    SERVER.test         | server.test
                    b\u00fccher.test    | xn--bcher-kva.test
                    127.0.0.1           |
                    ::1                 |
                    """, delimiter = '|')
    void aNameIsAskedForInItsPlainFormAndAnAddressNever(String host, String asked) throws Exception {
        TlsIdentity identity = AUTHORITY.identity(HOST, "xn--bcher-kva.test", "127.0.0.1", "::1");
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version, host, identity).handshake()) {
                assertThat(pipe.server().engine().session().serverName()).isEqualTo(asked);
            }
        }
    }

    @Promise(ASKED)
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..test", "under_score.test", "white space.test", "a\0b.test", "-a.test", "LONG"})
    void aNameThatNobodyCanAskForIsRefused(String host) {
        String name = host.equals("LONG") ? "a".repeat(64) + ".test" : host;
        assertRefused(() -> backend().context(clientConfig().build()).client(name, 443), "name");
    }

    @Promise(ASKED)
    @Test
    void aClientThatVerifiesNamesNeedsOne() {
        assertRefused(() -> backend().context(clientConfig().build()).client(null, 443), "no name to verify");
    }
}
