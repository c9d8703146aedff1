package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsAlert;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a failed engine ends: the peer must not take what it has received for everything. */
abstract class AlertContract extends FailureContract {

    private static final String TRUTH = "A failure never ends in close_notify";
    private static final String MADE = "After the handshake a failed engine always makes a fatal alert";
    private static final String AT_ONCE = "A hello that is whole is answered or refused at once";

    /** What no TLS peer sends. */
    private static final List<String> FOREIGN = List.of(
            "ff", // one byte
            "170303ffff00", // a record longer than any
            "1703034801", // one byte too long
            "474554202f20485454502f312e310d0a0d0a", // GET / HTTP/1.1
            "8080010002", // a hello of SSL 2
            "1702020020" + "5a".repeat(32), // version 2
            "170303" + "4800" + "5a".repeat(0x4800), // as long as a header may say, and garbage
            "1703030020" + "5a".repeat(32), // garbage
            "1603030020" + "ff".repeat(32));

    /** A turn of each end; so many have any handshake done. */
    private static final int TURNS = 8;

    private static final byte ALERT = 21;
    private static final byte FATAL = 2;
    private static final int HEADER = 5;

    AlertContract() {}

    /** The engine under test as client or server, and the reference engine at the other end. */
    private final class Pair implements AutoCloseable {
        private final EnginePipe pipe;
        private final EnginePipe.End own;
        private final EnginePipe.End peer;
        private final String name;

        Pair(TlsVersion version, boolean ownIsClient) throws TlsException {
            TlsConfig client = clientConfig().versions(version).build();
            TlsConfig server = serverConfig().versions(version).build();
            pipe = ownIsClient ? referenceServer(client, server) : referenceClient(client, server);
            own = ownIsClient ? pipe.client() : pipe.server();
            peer = ownIsClient ? pipe.server() : pipe.client();
            name = (ownIsClient ? "client, " : "server, ") + version;
        }

        /** Moves each end in turn, the client first. */
        Pair turns(int count) {
            for (int i = 0; i < count; i++) {
                EnginePipe.End from = i % 2 == 0 ? pipe.client() : pipe.server();
                EnginePipe.End to = i % 2 == 0 ? pipe.server() : pipe.client();
                from.work();
                to.inject(from.takeSaid());
            }
            return this;
        }

        /** After a failure of the engine under test: returns true if it made an alert, and checks what the peer sees. */
        boolean assertTruth(String what) throws TlsException {
            String how = name + ", " + what;
            boolean made = own.engine().fail(TlsAlert.INTERNAL_ERROR);
            own.engine().closeNotify();
            own.work();
            byte[] said = own.takeSaid();
            assertNoWarning(said, how);
            peer.inject(said);
            peer.work();
            assertThat(peer.engine().inboundClosed()).as("close_notify: " + how).isFalse();
            assertThat(peer.failure() != null).as("an alert: %s, %s", how, peer).isEqualTo(made);
            ByteBuffer room = ByteBuffer.allocate(own.engine().netSize());
            assertThat(own.engine().flush(room)).as(how).isEqualTo(Step.CLOSED);
            assertThat(own.engine().inboundClosed()).as(how).isFalse();
            assertThat(own.engine().fail(TlsAlert.DECODE_ERROR)).as(how).isEqualTo(made);
            return made;
        }

        @Override
        public void close() {
            pipe.close();
        }
    }

    /** Alerts in the clear are fatal: no user_canceled with a close_notify behind it. */
    private static void assertNoWarning(byte[] said, String how) {
        for (ByteBuffer in = ByteBuffer.wrap(said); in.remaining() > HEADER; ) {
            int length = in.getShort(in.position() + 3) & 0xffff;
            if (in.get(in.position()) == ALERT && length == 2) {
                assertThat(in.get(in.position() + HEADER)).as("level: " + how).isEqualTo(FATAL);
            }
            in.position(in.position() + HEADER + length);
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    // ---- what comes is wrong

    @Promise(TRUTH)
    @ParameterizedTest
    @EnumSource
    void whatIsNoTlsAfterTheHandshakeEndsInAnAlert(TlsVersion version) throws Exception {
        for (String hex : FOREIGN) {
            for (boolean client : new boolean[] {true, false}) {
                try (Pair pair = new Pair(version, client)) {
                    exchange(pair.pipe.handshake(), 1000);
                    pair.own.inject(bytes(hex));
                    pair.own.work();
                    assertThat(pair.own.failure()).as(pair.name).isNotNull();
                    assertThat(pair.assertTruth(hex)).as(pair.name).isTrue();
                }
            }
        }
    }

    /** It may take the first records of one end for what a handshake allows; then it goes on. */
    @Promise(TRUTH)
    @ParameterizedTest
    @EnumSource
    void whatIsNoTlsDuringTheHandshakeEndsInNoCloseNotify(TlsVersion version) throws Exception {
        for (String hex : FOREIGN) {
            for (int turns = 0; turns < TURNS; turns++) {
                for (boolean client : new boolean[] {true, false}) {
                    try (Pair pair = new Pair(version, client).turns(turns)) {
                        pair.own.work();
                        pair.peer.inject(pair.own.takeSaid());
                        pair.own.inject(bytes(hex));
                        pair.own.work();
                        if (pair.own.failure() != null) {
                            pair.assertTruth(hex + " after " + turns + " turns");
                        }
                    }
                }
            }
        }
    }

    @Promise(TRUTH)
    @ParameterizedTest
    @EnumSource
    void aRecordThatWasChangedEndsInAnAlert(TlsVersion version) throws Exception {
        for (boolean client : new boolean[] {true, false}) {
            try (Pair pair = new Pair(version, client)) {
                exchange(pair.pipe.handshake(), 1);
                pair.peer.send(random(100));
                byte[] record = taken(pair.peer);
                record[record.length - 1] ^= 1;
                pair.own.inject(record);
                pair.own.work();
                assertFails(pair.own, Reason.PEER_MISBEHAVED);
                assertThat(pair.assertTruth("a changed record")).isTrue();
            }
        }
    }

    @Promise(TRUTH)
    @Test
    void aRefusedRenegotiationEndsInAnAlert() throws Exception {
        for (boolean client : new boolean[] {true, false}) {
            try (Pair pair = new Pair(TlsVersion.TLS_1_2, client)) {
                exchange(pair.pipe.handshake(), 1000);
                pair.peer.engine().rekey();
                pair.pipe.pump();
                assertFails(pair.own, Reason.RENEGOTIATION);
                assertThat(pair.assertTruth("a renegotiation")).isTrue();
            }
        }
    }

    @Promise(value = TRUTH, where = TlsCapability.RENEGOTIATION)
    @Test
    void aRenegotiationBeyondTheLimitEndsInAnAlert() throws Exception {
        TlsConfig.Builder server = serverConfig().versions(TlsVersion.TLS_1_2);
        TlsConfig one =
                server.limits(TlsLimits.defaults().withRenegotiations(1)).build();
        if (!can(TlsCapability.RENEGOTIATION)) {
            assertRefused(() -> backend().context(one), "negotiate anew");
            return;
        }
        try (EnginePipe pipe = referenceClient(clientConfig().build(), one).handshake()) {
            for (int i = 0; i < 2; i++) {
                pipe.client().engine().rekey();
                pipe.pump();
            }
            assertFails(pipe.server(), Reason.RENEGOTIATION);
            assertThat(pipe.client().failure()).isNotNull();
            assertThat(pipe.client().engine().inboundClosed()).isFalse();
        }
    }

    /** What its tasks find in the hello comes out, although no other record follows. */
    @Promise(AT_ONCE)
    @ParameterizedTest
    @EnumSource
    void aHelloWithABrokenExtensionIsAnsweredOrRefusedAtOnce(TlsVersion version) throws Exception {
        byte[] hello = hello(version);
        int at = firstExtension(hello);
        while (at < hello.length) {
            int type = ByteBuffer.wrap(hello).getShort(at);
            int length = ByteBuffer.wrap(hello).getShort(at + 2);
            for (int fill : new int[] {0xff, 0}) {
                byte[] broken = hello.clone();
                Arrays.fill(broken, at + 4, at + 4 + length, (byte) fill);
                assertAnswered(version, broken, "extension " + type + " filled with " + fill);
            }
            at += 4 + length;
        }
    }

    private void assertAnswered(TlsVersion version, byte[] hello, String what) throws Exception {
        try (Pair pair = new Pair(version, false)) {
            taken(pair.peer);
            pair.own.inject(hello);
            pair.own.work();
            if (pair.own.failure() != null) {
                pair.assertTruth(what);
            } else {
                assertThat(pair.own.wire().hasRemaining())
                        .as("an answer: %s, %s", pair.name, what)
                        .isTrue();
            }
        }
    }

    private static byte[] hello(TlsVersion version) throws TlsException {
        TlsConfig config = clientConfig().versions(version).build();
        EnginePipe.End client =
                EnginePipe.End.of("client", REFERENCE.context(config).client(HOST, 443));
        byte[] hello = taken(client);
        client.engine().close();
        return hello;
    }

    /** Behind random, session id, cipher suites and compression methods (RFC 8446, 4.1.2). */
    private static int firstExtension(byte[] hello) {
        ByteBuffer in = ByteBuffer.wrap(hello);
        int at = HEADER + 4 + 2 + 32;
        at += 1 + in.get(at);
        at += 2 + in.getShort(at);
        at += 1 + in.get(at);
        return at + 2;
    }

    // ---- this end fails it

    @Promise(TRUTH)
    @ParameterizedTest
    @EnumSource
    void aFailureOfThisEndDuringTheHandshakeEndsInNoCloseNotify(TlsVersion version) throws Exception {
        for (int turns = 0; turns <= TURNS; turns++) {
            for (boolean client : new boolean[] {true, false}) {
                for (boolean answers : new boolean[] {true, false}) {
                    try (Pair pair = new Pair(version, client).turns(turns)) {
                        if (answers) {
                            pair.own.work();
                        }
                        pair.assertTruth("failed after " + turns + " turns");
                    }
                }
            }
        }
    }

    /** The hello was read, and a task or an answer waits. */
    @Promise(TRUTH)
    @ParameterizedTest
    @EnumSource
    void aFailureOfThisEndBetweenTwoStepsEndsInNoCloseNotify(TlsVersion version) throws Exception {
        for (boolean client : new boolean[] {true, false}) {
            try (Pair pair = new Pair(version, client)) {
                if (client) {
                    pair.peer.inject(taken(pair.own));
                }
                ByteBuffer flight = ByteBuffer.wrap(taken(pair.peer));
                Step step = Step.PROGRESS;
                while (step == Step.PROGRESS) {
                    step = pair.own.engine().receive(flight, ByteBuffer.allocate(64 << 10));
                }
                assertThat(pair.assertTruth("between two steps")).as(pair.name).isTrue();
            }
        }
    }

    @Promise(MADE)
    @ParameterizedTest
    @EnumSource
    void aFailureOfThisEndAfterTheHandshakeEndsInAnAlert(TlsVersion version) throws Exception {
        for (TlsAlert alert : TlsAlert.values()) {
            for (boolean client : new boolean[] {true, false}) {
                try (Pair pair = new Pair(version, client)) {
                    pair.pipe.handshake();
                    assertThat(pair.own.engine().fail(alert)).as(pair.name).isTrue();
                    assertThat(pair.assertTruth("failed by " + alert)).isTrue();
                    assertFails(pair.peer, Reason.PEER_ALERT);
                }
            }
        }
    }

    /** A record of which a part was read, half a record, and data on its way out: all of it may be lost, and is. */
    @Promise(MADE)
    @ParameterizedTest
    @EnumSource
    void aFailureAmidstDataEndsInAnAlert(TlsVersion version) throws Exception {
        for (boolean client : new boolean[] {true, false}) {
            for (int room : new int[] {1, 100, 64 << 10}) {
                try (Pair pair = new Pair(version, client)) {
                    pair.pipe.handshake();
                    pair.own.send(random(16_000));
                    pair.own.work();
                    pair.peer.inject(pair.own.takeSaid());
                    pair.peer.send(random(20_000));
                    byte[] records = taken(pair.peer);
                    ByteBuffer wire = ByteBuffer.wrap(records, 0, records.length - 50);
                    TlsEngine engine = pair.own.engine();
                    ByteBuffer out = ByteBuffer.allocate(room);
                    while (engine.receive(wire, out) == Step.PROGRESS && out.hasRemaining()) {
                        // on to the next
                    }
                    assertThat(engine.fail(TlsAlert.INTERNAL_ERROR))
                            .as("%s, room %s", pair.name, room)
                            .isTrue();
                    assertThat(pair.assertTruth("amidst data")).isTrue();
                    assertThat(pair.peer.takeReceived()).isEqualTo(random(16_000));
                }
            }
        }
    }

    /** Nothing may follow a close_notify, and one that waits must not leave. */
    @Promise(TRUTH)
    @ParameterizedTest
    @EnumSource
    void aFailureBehindACloseNotifyYieldsNothing(TlsVersion version) throws Exception {
        for (boolean client : new boolean[] {true, false}) {
            for (boolean flushed : new boolean[] {true, false}) {
                try (Pair pair = new Pair(version, client)) {
                    exchange(pair.pipe.handshake(), 1);
                    pair.own.engine().closeNotify();
                    if (flushed) {
                        assertThat(taken(pair.own)).as(pair.name).isNotEmpty();
                    }
                    assertThat(pair.own.engine().fail(TlsAlert.INTERNAL_ERROR)).isFalse();
                    assertThat(taken(pair.own)).as(pair.name).isEmpty();
                }
            }
        }
    }

    /** An alert is flushed into any room, byte by byte if need be. */
    @Promise(MADE)
    @ParameterizedTest
    @EnumSource
    void anAlertWaitsForRoom(TlsVersion version) throws Exception {
        try (Pair pair = new Pair(version, true)) {
            TlsEngine engine = pair.pipe.handshake().client().engine();
            assertThat(engine.fail(TlsAlert.INTERNAL_ERROR)).isTrue();
            assertThat(engine.flush(ByteBuffer.allocate(0))).isEqualTo(Step.WANT_NET_SPACE);
            ByteBuffer out = ByteBuffer.allocate(engine.netSize());
            while (engine.flush(out) == Step.PROGRESS) {
                assertThat(out.position()).isPositive();
            }
            pair.peer.inject(bytesOf(out.flip()));
            pair.peer.work();
            assertFails(pair.peer, Reason.PEER_ALERT);
        }
    }
}
