package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plaintext and records. */
abstract class PlaintextContract extends TrustContract {

    private static final String WHOLE = "Plaintext of any size arrives whole and in order, however it is cut";
    private static final String RECORDS = "A call handles at most one record, and leaves an incomplete one where it is";

    /** Around the size of a record, with and without what TLS 1.3 takes of it, and far beyond. */
    private static final int[] SIZES = {0, 1, 16_367, 16_368, 16_383, 16_384, 16_385, 64 << 10, 1 << 20};

    /** RFC 8446, 5.1. */
    private static final int LONGEST_PLAINTEXT = 1 << 14;

    PlaintextContract() {}

    @Promise(WHOLE)
    @ParameterizedTest
    @EnumSource
    void bytesOfAnySizeArriveWholeAndInOrder(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            for (int size : SIZES) {
                exchange(pipe, size);
            }
        }
    }

    @Promise(WHOLE)
    @ParameterizedTest
    @EnumSource
    void recordsThatComeByteByByteArrive(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake().chunk(1)) {
            for (int size : new int[] {0, 1, 16_383, 16_384, 16_385}) {
                exchange(pipe, size);
            }
        }
    }

    @Promise(WHOLE)
    @ParameterizedTest
    @EnumSource
    void sendingNothingDoesNoHarm(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            TlsEngine client = pipe.client().engine();
            for (int i = 0; i < 3; i++) {
                ByteBuffer out = ByteBuffer.allocate(client.netSize());
                assertThat(client.send(ByteBuffer.allocate(0), out)).isIn(Step.PROGRESS, Step.WANT_INPUT);
                pipe.server().inject(bytesOf(out.flip()));
                byte[] bytes = random(100 + i);
                pipe.client().send(bytes);
                assertThat(pipe.pump().server().takeReceived()).isEqualTo(bytes);
            }
        }
    }

    @Promise(RECORDS)
    @ParameterizedTest
    @EnumSource
    void atMostOneRecordIsReadPerCall(TlsVersion version) throws Exception {
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

    @Promise(RECORDS)
    @ParameterizedTest
    @EnumSource
    void oneRecordIsMadePerCall(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            TlsEngine client = pipe.client().engine();
            ByteBuffer plaintext = ByteBuffer.wrap(random(50_000));
            while (plaintext.hasRemaining()) {
                ByteBuffer out = ByteBuffer.allocate(1 << 17);
                int before = plaintext.remaining();
                assertThat(client.send(plaintext, out)).isEqualTo(Step.PROGRESS);
                assertThat(before - plaintext.remaining()).isBetween(1, LONGEST_PLAINTEXT);
                assertThat(5 + out.getShort(3)).isEqualTo(out.position());
                pipe.server().inject(bytesOf(out.flip()));
            }
            assertThat(pipe.pump().server().takeReceived()).isEqualTo(plaintext.array());
        }
    }

    @Promise(RECORDS)
    @ParameterizedTest
    @EnumSource
    void anIncompleteRecordStaysInTheInput(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().send(random(100));
            ByteBuffer wire = ByteBuffer.wrap(taken(pipe.client()));
            for (int have : new int[] {0, 1, 4, 5, 6, wire.limit() - 1}) {
                ByteBuffer part = wire.duplicate().limit(have);
                ByteBuffer out = ByteBuffer.allocate(64 << 10);
                assertThat(pipe.server().engine().receive(part, out)).isEqualTo(Step.WANT_INPUT);
                assertThat(part.position()).isZero();
                assertThat(out.position()).isZero();
            }
        }
    }
}
