package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Blame;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no TLS peer sends, and what an engine does when it fails. */
abstract class FailureContract extends TaskContract {

    private static final String NO_TLS =
            "What is not TLS, or breaks it, ends the connection at once, and spins nowhere";
    private static final String FAILED = "A failed engine says why, yields its alert, throws no more and is closed";

    /** Addresses of native memory, which some implementations put into their messages. */
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{5,}");

    private static final int APPLICATION_DATA = 23;
    private static final byte[] CLOSE_NOTIFY = {21, 3, 3, 0, 2, 1, 0};
    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};

    FailureContract() {}

    // ---- what no TLS peer sends

    @Promise(NO_TLS)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "EHLO me\r\n",
                "SSH-2.0-x\r\n",
                "\0\0\0\0\0\0",
                "\u0016\u0002\0\0\1x",
                "\u0013\u0003\u0003\0\1x",
                "\u0019\u0003\u0003\0\1x",
                "\u0080.\u0001\u0003\u0001\0\u0015\0\0\0\u0010" // a hello of SSL 2
            })
    void whatIsNotTlsIsToldAsSuch(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3)) {
            pipe.server().inject(bytes);
            assertFails(pipe.pump().server(), Reason.NOT_TLS);
        }
        try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3)) {
            taken(pipe.client());
            pipe.client().inject(bytes);
            assertFails(pipe.pump().client(), Reason.NOT_TLS);
        }
    }

    @Promise(NO_TLS)
    @Test
    void aRecordLongerThanAnyIsRefusedAtItsHeader() throws Exception {
        for (boolean done : new boolean[] {false, true}) {
            try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3)) {
                if (done) {
                    pipe.handshake();
                }
                pipe.server().inject(new byte[] {22, 3, 3, -1, -1});
                assertFails(pipe.pump().server(), Reason.PEER_MISBEHAVED);
                assertThat(pipe.server().failure()).hasMessageContaining("65535");
            }
        }
    }

    @Promise(NO_TLS)
    @ParameterizedTest
    @EnumSource
    void aRecordThatWasChangedOnItsWayIsRefused(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().send(random(100));
            byte[] record = taken(pipe.client());
            record[record.length - 1] ^= 1;
            pipe.server().inject(record);
            assertFails(pipe.pump().server(), Reason.PEER_MISBEHAVED);
            assertThat(pipe.server().takeReceived()).isEmpty();
            assertFails(pipe.client(), Reason.PEER_ALERT);
            assertThat(pipe.client().failure()).hasMessageContaining("bad_record_mac");
        }
    }

    @Promise(NO_TLS)
    @ParameterizedTest
    @EnumSource
    void aRecordThatComesTwiceIsRefused(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().send(random(100));
            byte[] record = taken(pipe.client());
            pipe.server().inject(record);
            pipe.server().inject(record);
            assertFails(pipe.pump().server(), Reason.PEER_MISBEHAVED);
            assertThat(pipe.server().takeReceived()).isEqualTo(random(100));
        }
    }

    @Promise(NO_TLS)
    @ParameterizedTest
    @EnumSource
    void plaintextThatIsNotEncryptedIsNeverDelivered(TlsVersion version) throws Exception {
        byte[] bare = {APPLICATION_DATA, 3, 3, 0, 4, 'e', 'v', 'i', 'l'};
        for (boolean done : new boolean[] {false, true}) {
            try (EnginePipe pipe = pipe(version)) {
                if (done) {
                    pipe.handshake();
                }
                pipe.server().inject(bare);
                pipe.pump();
                assertThat(pipe.server().takeReceived()).isEmpty();
                assertThat(pipe.server().failure()).isNotNull();
            }
        }
    }

    /** The pipe counts steps, and each of them has an end or a failure; which one is the engine's affair. */
    @Promise(NO_TLS)
    @ParameterizedTest
    @EnumSource
    void aFlightThatWasChangedAnywhereEndsInAFailureOrNone(TlsVersion version) throws Exception {
        long seed = 20_240;
        Random random = new Random(seed);
        for (int run = 0; run < 40; run++) {
            try (EnginePipe pipe = pipe(version)) {
                boolean ofServer = run % 2 == 1;
                byte[] hello = taken(pipe.client());
                EnginePipe.End reader = ofServer ? pipe.client() : pipe.server();
                byte[] flight = hello;
                if (ofServer) {
                    pipe.server().inject(hello);
                    flight = taken(pipe.server());
                }
                int at = random.nextInt(flight.length);
                flight[at] ^= (byte) (1 << random.nextInt(8));
                reader.inject(flight);
                pipe.pump();
                TlsException failure = reader.failure();
                if (failure != null) {
                    assertThat(failure.blame())
                            .as("seed %d, run %d, byte %d: %s", seed, run, at, failure)
                            .isNotEqualTo(Blame.LOCAL);
                }
            }
        }
    }

    @Promise(NO_TLS)
    @ParameterizedTest
    @EnumSource
    void aFlightThatStopsAnywhereIsWaitedFor(TlsVersion version) throws Exception {
        byte[] hello = null;
        for (int have = 0; hello == null || have < hello.length; have += 1 + have / 4) {
            try (EnginePipe pipe = pipe(version)) {
                hello = taken(pipe.client());
                pipe.server().inject(Arrays.copyOf(hello, have));
                pipe.pump();
                assertThat(pipe.server().failure()).isNull();
                pipe.server().inject(Arrays.copyOfRange(hello, have, hello.length));
                pipe.handshake();
            }
        }
    }

    // ---- alerts in the clear, while there are no keys

    @Promise(NO_TLS)
    @ParameterizedTest
    @EnumSource
    void anAlertInsteadOfAFlightEndsTheHandshake(TlsVersion version) throws Exception {
        for (byte[] alert : new byte[][] {CLOSE_NOTIFY, HANDSHAKE_FAILURE}) {
            try (EnginePipe pipe = pipe(version)) {
                taken(pipe.client());
                pipe.client().inject(alert);
                assertOver(pipe.client());
            }
            try (EnginePipe pipe = pipe(version)) {
                byte[] hello = taken(pipe.client());
                pipe.server().inject(hello);
                taken(pipe.server());
                pipe.server().inject(alert);
                assertOver(pipe.server());
            }
        }
    }

    private static void assertOver(EnginePipe.End end) throws TlsException {
        end.work();
        assertThat(end.engine().handshakeDone()).isFalse();
        assertThat(end.failure() != null || end.engine().inboundClosed())
                .as(end.toString())
                .isTrue();
        assertThat(end.engine().receive(ByteBuffer.allocate(0), ByteBuffer.allocate(64 << 10)))
                .isEqualTo(Step.CLOSED);
    }

    // ---- after a failure

    @Promise(FAILED)
    @ParameterizedTest
    @EnumSource
    void afterAFailureThereIsAnAlertAndThenTheEnd(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version, "wrong.test", IDENTITY)) {
            assertFails(pipe.pump().client(), Reason.WRONG_NAME);
            assertThat(pipe.server().failure()).isNotNull();
            assertClosed(pipe.client().engine());
        }
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().send(random(100));
            byte[] record = taken(pipe.client());
            record[record.length - 1] ^= 1;
            ByteBuffer wire = ByteBuffer.wrap(record);
            TlsEngine server = pipe.server().engine();
            ByteBuffer alert = ByteBuffer.allocate(4 * server.netSize());
            assertThat(failureOf(server, wire)).isNotNull();
            while (server.flush(alert) == Step.PROGRESS) {
                assertThat(alert.position()).isPositive();
            }
            assertThat(alert.position()).isPositive();
            assertClosed(server);
        }
    }

    private static TlsException failureOf(TlsEngine engine, ByteBuffer wire) {
        try {
            while (wire.hasRemaining()) {
                engine.receive(wire, ByteBuffer.allocate(engine.appSize()));
            }
        } catch (TlsException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    private static void assertClosed(TlsEngine engine) throws TlsException {
        for (int i = 0; i < 3; i++) {
            assertThat(engine.flush(ByteBuffer.allocate(engine.netSize()))).isEqualTo(Step.CLOSED);
            assertThat(engine.receive(ByteBuffer.wrap(random(100)), ByteBuffer.allocate(engine.appSize())))
                    .isEqualTo(Step.CLOSED);
            ByteBuffer late = ByteBuffer.wrap(random(10));
            assertThat(engine.send(late, ByteBuffer.allocate(engine.netSize()))).isEqualTo(Step.CLOSED);
            assertThat(late.remaining()).isEqualTo(10);
            engine.closeNotify();
        }
    }

    @Promise(FAILED)
    @ParameterizedTest
    @EnumSource
    void whatItSaysNamesNoAddressOfMemory(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            byte[] hello = taken(pipe.client());
            pipe.server().inject(hello);
            byte[] flight = taken(pipe.server());
            Arrays.fill(flight, 9, flight.length, (byte) 0);
            pipe.client().inject(flight);
            pipe.pump();
            TlsException failure = assertFails(pipe.client(), Reason.PEER_MISBEHAVED);
            assertThat(ADDRESS.matcher(String.valueOf(failure.getMessage())).find())
                    .as(failure.getMessage())
                    .isFalse();
        }
    }
}
