package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How it ends. */
abstract class ClosingContract extends AlertContract {

    private static final String ENDS = "close_notify ends one direction and is seen; nothing else is taken for it";
    private static final String HALF = "After the peer's close_notify sending goes on exactly where it is a capability";
    private static final String ON = "After its own close_notify reading goes on exactly where it is a capability";
    private static final String CLOSE = "close frees everything, in whatever state, as often as it is called";

    /** Pumping so often has any handshake done. */
    private static final int ROUNDS = 8;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    ClosingContract() {}

    // ---- close_notify

    @Promise(ENDS)
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
            assertThat(more.hasRemaining()).isTrue();
            pipe.pump();
            assertThat(pipe.server().takeReceived()).isEqualTo(last);
            assertThat(pipe.server().engine().inboundClosed()).isTrue();
            assertThat(pipe.server().failure()).isNull();
        }
    }

    @Promise(ENDS)
    @ParameterizedTest
    @EnumSource
    void eitherEndMayBeTheFirstOrBothAtOnce(TlsVersion version) throws Exception {
        for (int order = 0; order < 3; order++) {
            try (EnginePipe pipe = pipe(version).handshake()) {
                exchange(pipe, 100);
                EnginePipe.End first = order == 0 ? pipe.client() : pipe.server();
                EnginePipe.End second = order == 0 ? pipe.server() : pipe.client();
                first.engine().closeNotify();
                if (order < 2) {
                    assertThat(pipe.pump()).isNotNull();
                    assertThat(second.engine().inboundClosed()).isTrue();
                    if (version == TlsVersion.TLS_1_3) { // before, it is answered at once (RFC 5246, 7.2.1)
                        assertThat(first.engine().inboundClosed()).isFalse();
                    }
                }
                second.engine().closeNotify();
                pipe.pump();
                for (EnginePipe.End end : List.of(first, second)) {
                    assertThat(end.failure()).isNull();
                    boolean heard = (order < 2 && end == second) || can(TlsCapability.READ_ON);
                    assertThat(end.engine().inboundClosed()).as(end.toString()).isEqualTo(heard);
                    assertThat(end.engine().flush(ByteBuffer.allocate(64 << 10)))
                            .isEqualTo(Step.CLOSED);
                }
            }
        }
    }

    @Promise(ENDS)
    @ParameterizedTest
    @EnumSource
    void whatComesBehindACloseNotifyIsDropped(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().engine().closeNotify();
            pipe.pump();
            pipe.server().inject(new byte[] {23, 3, 3, 0, 4, 'e', 'v', 'i', 'l'});
            pipe.server().inject(random(1000));
            pipe.pump();
            assertThat(pipe.server().takeReceived()).isEmpty();
            assertThat(pipe.server().failure()).isNull();
            assertThat(pipe.server().engine().receive(ByteBuffer.allocate(9), ByteBuffer.allocate(64 << 10)))
                    .isEqualTo(Step.CLOSED);
        }
    }

    @Promise(ENDS)
    @ParameterizedTest
    @EnumSource
    void nothingEverLeavesInTheClear(TlsVersion version) throws Exception {
        String secret = "a secret that nobody may read";
        byte[] bytes = secret.getBytes(StandardCharsets.US_ASCII);
        for (boolean own : new boolean[] {true, false}) {
            try (EnginePipe pipe = pipe(version).handshake()) {
                (own ? pipe.client() : pipe.server()).engine().closeNotify();
                pipe.server().work();
                pipe.client().inject(pipe.server().takeSaid());
                pipe.client().work();
                pipe.client().send(bytes);
                String said = new String(taken(pipe.client()), StandardCharsets.ISO_8859_1);
                assertThat(said).doesNotContain(secret);
            }
        }
    }

    /** What is on its way when this end closes, and the peer's close_notify behind it. */
    @Promise(value = ON, where = TlsCapability.READ_ON)
    @ParameterizedTest
    @EnumSource
    void afterItsOwnEndReadingGoesOnExactlyWhereItIsACapability(TlsVersion version) throws Exception {
        boolean expected = can(TlsCapability.READ_ON);
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

    @Promise(value = HALF, where = TlsCapability.HALF_CLOSE)
    @ParameterizedTest
    @EnumSource
    void afterThePeersEndSendingGoesOnExactlyWhereItIsACapability(TlsVersion version) throws Exception {
        boolean expected = version == TlsVersion.TLS_1_3 && can(TlsCapability.HALF_CLOSE);
        try (EnginePipe pipe = pipe(version).handshake()) {
            pipe.client().engine().closeNotify();
            pipe.pump();
            byte[] late = random(50);
            pipe.server().send(late);
            pipe.pump();
            assertThat(pipe.server().unsent() == 0).isEqualTo(expected);
            assertThat(pipe.client().takeReceived()).isEqualTo(expected ? late : new byte[0]);
            assertThat(pipe.server().failure()).isNull();
        }
    }

    /** An end that gives up says so, at any step, and throws nothing. */
    @Promise(ENDS)
    @ParameterizedTest
    @EnumSource
    void aHandshakeMayBeGivenUpAtAnyStep(TlsVersion version) throws Exception {
        for (int rounds = 0; rounds <= ROUNDS; rounds++) {
            for (boolean client : new boolean[] {true, false}) {
                try (EnginePipe pipe = pipe(version)) {
                    advance(pipe, rounds);
                    EnginePipe.End end = client ? pipe.client() : pipe.server();
                    end.engine().closeNotify();
                    pipe.pump();
                    assertThat(end.engine().send(ByteBuffer.allocate(1), ByteBuffer.allocate(64 << 10)))
                            .isEqualTo(Step.CLOSED);
                    assertThat(end.engine().flush(ByteBuffer.allocate(64 << 10)))
                            .as("%s, after %d rounds", end, rounds)
                            .isIn(Step.CLOSED, Step.WANT_TASK);
                }
            }
        }
    }

    /** One side's turn after the other's. */
    private static void advance(EnginePipe pipe, int rounds) {
        for (int i = 0; i < rounds; i++) {
            EnginePipe.End speaking = i % 2 == 0 ? pipe.client() : pipe.server();
            EnginePipe.End hearing = i % 2 == 0 ? pipe.server() : pipe.client();
            hearing.inject(taken(speaking));
        }
    }

    // ---- close

    @Promise(ENDS)
    @ParameterizedTest
    @EnumSource
    void aPeerThatJustStopsIsNotTakenForOneThatClosed(TlsVersion version) throws Exception {
        for (int rounds = 0; rounds <= ROUNDS; rounds++) {
            try (EnginePipe pipe = pipe(version)) {
                advance(pipe, rounds);
                for (TlsEngine engine :
                        List.of(pipe.client().engine(), pipe.server().engine())) {
                    assertThat(engine.inboundClosed()).isFalse();
                    engine.close();
                    assertThat(engine.inboundClosed()).isFalse();
                    assertThat(engine.flush(ByteBuffer.allocate(64 << 10))).isEqualTo(Step.CLOSED);
                }
            }
        }
    }

    @Promise(CLOSE)
    @ParameterizedTest
    @EnumSource
    void anEngineMayBeClosedWhileItWaitsForATask(TlsVersion version) throws Exception {
        for (boolean taken : new boolean[] {true, false}) {
            try (EnginePipe pipe = pipe(version)) {
                ByteBuffer hello = ByteBuffer.wrap(taken(pipe.client()));
                TlsEngine server = pipe.server().engine();
                server.receive(hello, ByteBuffer.allocate(server.appSize()));
                Runnable task = taken ? server.takeTask() : null;
                server.close();
                server.close();
                assertThat(server.flush(ByteBuffer.allocate(server.netSize()))).isEqualTo(Step.CLOSED);
                if (task != null) {
                    task.run(); // too late, and no harm
                }
            }
        }
    }

    /** Some implementations hold descriptors until both sides of an engine are closed. */
    @Promise(CLOSE)
    @Test
    void noDescriptorIsLeftBehind() throws Exception {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return; // elsewhere they cannot be counted
        }
        List<EnginePipe> pipes = new ArrayList<>(); // so that no collector of garbage does it
        Set<String> before = descriptors();
        for (int i = 0; i < 40; i++) {
            TlsVersion version = i % 2 == 0 ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
            EnginePipe pipe = i % 10 == 9 ? pipe(version, "wrong.test", IDENTITY) : pipe(version);
            pipes.add(pipe);
            advance(pipe, i % ROUNDS);
            if (i % 3 == 0) {
                pipe.client().engine().closeNotify();
                pipe.pump();
            }
            pipe.close();
            pipe.close();
        }
        Set<String> after = descriptors();
        after.removeAll(before);
        assertThat(after).as("open besides %s", before).isEmpty();
        assertThat(pipes).hasSize(40);
    }

    /** What is open, but for files: those are the class loader's. */
    private static Set<String> descriptors() throws IOException {
        Set<String> open = new HashSet<>();
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            for (Path descriptor : all.toList()) {
                String what = target(descriptor);
                if (!what.startsWith("/")) {
                    open.add(what);
                }
            }
        }
        return open;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "/closed meanwhile";
        }
    }

    @Promise(CLOSE)
    @ParameterizedTest
    @EnumSource
    void anEngineThatFailedMayBeClosed(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version, "wrong.test", IDENTITY)) {
            TlsException failure = null;
            for (int i = 0; i < ROUNDS && failure == null; i++) {
                advance(pipe, 2);
                failure = pipe.client().failure();
            }
            assertThat(failure).isNotNull();
            pipe.client().engine().close();
            pipe.client().engine().close();
            assertThat(pipe.client().engine().flush(ByteBuffer.allocate(64 << 10)))
                    .isEqualTo(Step.CLOSED);
        }
    }
}
