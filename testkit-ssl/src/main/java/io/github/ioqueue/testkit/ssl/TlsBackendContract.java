package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.ProtocolPolicy;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a TLS backend promises, one test each, on engines alone. Extend it in the tests of a backend:
 *
 * <pre>{@code
 * class MyBackendTest extends TlsBackendContract {
 *     @Override
 *     protected TlsBackend backend() {
 *         return new MyBackend();
 *     }
 * }
 * }</pre>
 */
public abstract class TlsBackendContract extends TlsConfigContract {

    /** For those who extend it. */
    protected TlsBackendContract() {}

    // ---- the handshake and its facts

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

    @ParameterizedTest
    @EnumSource
    void aHandshakeThatComesByteByByteIsDone(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            pipe.chunk(1).handshake();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anRsaKeyWillDo(TlsVersion version) throws Exception {
        TlsIdentity rsa =
                AUTHORITY.request().key(TestAuthority.KeyKind.RSA).names(HOST).issue();
        try (EnginePipe pipe = pipe(version, HOST, rsa)) {
            pipe.handshake();
        }
    }

    @Test
    void withBothVersionsTheNewerIsTaken() throws Exception {
        try (EnginePipe pipe = pipe(
                HOST,
                clientConfig().build(),
                TlsConfig.builder().identity(IDENTITY).build())) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().version()).isEqualTo(TlsVersion.TLS_1_3);
        }
    }

    @Test
    void noCommonVersionIsToldAsSuch() throws Exception {
        try (EnginePipe pipe = pipe(
                HOST,
                clientConfig().versions(TlsVersion.TLS_1_2).build(),
                TlsConfig.builder()
                        .identity(IDENTITY)
                        .versions(TlsVersion.TLS_1_3)
                        .build())) {
            assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
            assertFails(pipe.client(), Reason.PEER_ALERT);
            assertThat(pipe.client().failure()).hasMessageContaining("protocol_version");
        }
    }

    // ---- plaintext

    @ParameterizedTest
    @EnumSource
    void bytesOfAnySizeArriveWholeAndInOrder(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            for (int size : new int[] {1, 16_367, 16_368, 16_383, 16_384, 16_385, 64 << 10, 1 << 20}) {
                byte[] bytes = random(size);
                pipe.client().send(bytes);
                pipe.server().send(bytes);
                pipe.pump();
                assertThat(pipe.server().takeReceived()).isEqualTo(bytes);
                assertThat(pipe.client().takeReceived()).isEqualTo(bytes);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordsThatComeByteByByteArrive(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake().chunk(1)) {
            byte[] bytes = random(2000);
            pipe.client().send(bytes);
            assertThat(pipe.pump().server().takeReceived()).isEqualTo(bytes);
        }
    }

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

    @ParameterizedTest
    @EnumSource
    void atMostOneRecordPerCall(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            for (int i = 0; i < 3; i++) {
                pipe.client().send(random(10));
                pipe.client().work();
            }
            ByteBuffer wire = copy(pipe.client().wire());
            ByteBuffer out = ByteBuffer.allocate(64 << 10);
            TlsEngine server = pipe.server().engine();
            for (int i = 1; i <= 3; i++) {
                while (out.position() < 10 * i) {
                    int before = out.position();
                    assertThat(server.receive(wire, out)).isEqualTo(Step.PROGRESS);
                    assertThat(out.position() - before).isIn(0, 10);
                }
            }
            assertThat(wire.hasRemaining()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIncompleteRecordStaysInTheInput(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().send(random(100));
            pipe.client().work();
            ByteBuffer wire = copy(pipe.client().wire());
            ByteBuffer part = wire.duplicate().limit(wire.limit() - 1);
            int before = part.remaining();
            Step step = pipe.server().engine().receive(part, ByteBuffer.allocate(64 << 10));
            assertThat(step).isEqualTo(Step.WANT_INPUT);
            assertThat(part.remaining()).isEqualTo(before);
        }
    }

    /** An engine that consumes a record for which there was no room must have the rest inside. */
    @ParameterizedTest
    @EnumSource
    void tooLittleRoomLosesNothing(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            byte[] bytes = random(1000);
            pipe.client().send(bytes);
            pipe.client().work();
            ByteBuffer wire = copy(pipe.client().wire());
            ByteBuffer all = ByteBuffer.allocate(64 << 10);
            TlsEngine server = pipe.server().engine();
            Step step = Step.PROGRESS;
            for (int calls = 0; calls < 50 && all.position() < bytes.length; calls++) {
                ByteBuffer out = ByteBuffer.allocate(step == Step.WANT_APP_SPACE ? server.appSize() : 100);
                step = server.receive(wire, out);
                all.put(out.flip());
            }
            assertThat(bytesOf(all.flip())).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooLittleRoomForCiphertextIsSaidAndTakesNothing(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            ByteBuffer plaintext = ByteBuffer.wrap(random(1000));
            Step step = pipe.client().engine().send(plaintext, ByteBuffer.allocate(500));
            assertThat(step).isEqualTo(Step.WANT_NET_SPACE);
            assertThat(plaintext.remaining()).isEqualTo(1000);
        }
    }

    // ---- application protocols

    @ParameterizedTest
    @EnumSource
    void theServersMostWantedProtocolIsAgreedOn(TlsVersion version) throws Exception {
        try (EnginePipe pipe = alpn(version, new String[] {"a", "b", "c"}, "x", "c", "b")) {
            pipe.handshake();
            assertThat(pipe.client().engine().session().applicationProtocol()).isEqualTo("c");
            assertThat(pipe.server().engine().session().applicationProtocol()).isEqualTo("c");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatOffersNoProtocolIsServed(TlsVersion version) throws Exception {
        try (EnginePipe pipe = alpn(version, new String[0], "a")) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().applicationProtocol()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noCommonProtocolIsAFailure(TlsVersion version) throws Exception {
        try (EnginePipe pipe = alpn(version, new String[] {"a"}, "b")) {
            assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
            assertThat(pipe.server().engine().handshakeDone()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noCommonProtocolIsBorneWhereThatIsWanted(TlsVersion version) throws Exception {
        TlsConfig server = TlsConfig.builder()
                .identity(IDENTITY)
                .applicationProtocols("b")
                .protocolPolicy(ProtocolPolicy.OPTIONAL)
                .build();
        try (EnginePipe pipe = pipe(
                HOST, clientConfig().versions(version).applicationProtocols("a").build(), server)) {
            pipe.handshake();
            assertThat(pipe.client().engine().session().applicationProtocol()).isNull();
            assertThat(pipe.server().engine().session().applicationProtocol()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProtocolThatIsRequiredIsAgreedOnOrTheHandshakeFails(TlsVersion version) throws Exception {
        TlsConfig client = clientConfig()
                .versions(version)
                .applicationProtocols("a")
                .protocolPolicy(ProtocolPolicy.REQUIRED)
                .build();
        TlsConfig server = TlsConfig.builder()
                .identity(IDENTITY)
                .applicationProtocols("a")
                .protocolPolicy(ProtocolPolicy.REQUIRED)
                .build();
        try (EnginePipe pipe = pipe(HOST, client, server)) {
            pipe.handshake();
            assertThat(pipe.server().engine().session().applicationProtocol()).isEqualTo("a");
        }
        try (EnginePipe pipe =
                pipe(HOST, client, TlsConfig.builder().identity(IDENTITY).build())) {
            assertFails(pipe.pump().client(), Reason.NOTHING_IN_COMMON);
            assertThat(pipe.client().engine().handshakeDone()).isFalse();
        }
        try (EnginePipe pipe = pipe(HOST, clientConfig().versions(version).build(), server)) {
            assertFails(pipe.pump().server(), Reason.NOTHING_IN_COMMON);
            assertThat(pipe.server().engine().handshakeDone()).isFalse();
        }
    }

    private EnginePipe alpn(TlsVersion version, String[] offered, String... known) throws TlsException {
        return pipe(
                HOST,
                clientConfig().versions(version).applicationProtocols(offered).build(),
                TlsConfig.builder()
                        .identity(IDENTITY)
                        .applicationProtocols(known)
                        .build());
    }

    // ---- what no TLS peer sends

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "EHLO me\r\n", "\0\0\0\0\0\0", "\u0016\u0002\0\0\1x"})
    void whatIsNotTlsIsToldAsSuch(String text) throws Exception {
        try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3)) {
            pipe.server().inject(text.getBytes(StandardCharsets.ISO_8859_1));
            assertFails(pipe.pump().server(), Reason.NOT_TLS);
        }
    }

    @Test
    void aRecordLongerThanAnyIsRefusedAtItsHeader() throws Exception {
        try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3)) {
            pipe.server().inject(new byte[] {22, 3, 3, -1, -1});
            assertFails(pipe.pump().server(), Reason.PEER_MISBEHAVED);
            assertThat(pipe.server().failure()).hasMessageContaining("65535");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRecordThatWasChangedOnItsWayIsRefused(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().send(random(100));
            pipe.client().work();
            ByteBuffer wire = pipe.client().wire();
            wire.put(wire.limit() - 1, (byte) ~wire.get(wire.limit() - 1));
            assertFails(pipe.pump().server(), Reason.PEER_MISBEHAVED);
            assertThat(pipe.server().takeReceived()).isEmpty();
            assertFails(pipe.client(), Reason.PEER_ALERT);
            assertThat(pipe.client().failure()).hasMessageContaining("bad_record_mac");
        }
    }

    // ---- the end

    @ParameterizedTest
    @EnumSource
    void closeNotifyEndsOneDirectionAndIsSeen(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            byte[] last = random(10);
            pipe.client().send(last);
            pipe.client().work();
            assertThat(pipe.server().engine().inboundClosed()).isFalse();
            pipe.client().engine().closeNotify();
            pipe.client().engine().closeNotify();
            ByteBuffer more = ByteBuffer.wrap(random(1));
            assertThat(pipe.client().engine().send(more, ByteBuffer.allocate(64 << 10)))
                    .isEqualTo(Step.CLOSED);
            pipe.pump();
            assertThat(pipe.server().takeReceived()).isEqualTo(last);
            assertThat(pipe.server().engine().inboundClosed()).isTrue();
            assertThat(pipe.server().failure()).isNull();
        }
    }

    /** What is on its way when this end closes, and the peer's close_notify behind it. */
    @ParameterizedTest
    @EnumSource
    void afterItsOwnEndReadingGoesOnExactlyWhereItIsACapability(TlsVersion version) throws Exception {
        boolean expected = backend().capabilities().contains(TlsCapability.READ_ON);
        try (EnginePipe pipe = pipe(version).handshake()) {
            byte[] onItsWay = random(40_000); // some records
            pipe.server().send(onItsWay);
            pipe.server().work();
            pipe.client().engine().closeNotify();
            pipe.pump();
            assertThat(pipe.client().takeReceived()).isEqualTo(expected ? onItsWay : new byte[0]);
            pipe.server().engine().closeNotify();
            pipe.pump();
            assertThat(pipe.client().engine().inboundClosed()).isEqualTo(expected);
            assertThat(pipe.client().toString()).contains(" 0 bytes in").endsWith("failure null");
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterThePeersEndSendingGoesOnExactlyWhereItIsACapability(TlsVersion version) throws Exception {
        boolean expected =
                version == TlsVersion.TLS_1_3 && backend().capabilities().contains(TlsCapability.HALF_CLOSE);
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().engine().closeNotify();
            pipe.pump();
            byte[] late = random(50);
            pipe.server().send(late);
            pipe.pump();
            assertThat(pipe.server().unsent() == 0).isEqualTo(expected);
            assertThat(pipe.client().takeReceived()).isEqualTo(expected ? late : new byte[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatJustStopsIsNotTakenForOneThatClosed(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            assertThat(pipe.server().engine().inboundClosed()).isFalse();
            pipe.server().engine().close();
            assertThat(pipe.server().engine().inboundClosed()).isFalse();
            pipe.server().engine().close();
        }
    }
}
