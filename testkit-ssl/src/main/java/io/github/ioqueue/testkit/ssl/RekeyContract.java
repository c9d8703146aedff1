package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said after the handshake that is no data: tickets, new keys, and new handshakes. */
abstract class RekeyContract extends SessionContract {

    private static final String NO_DATA = "Tickets and new keys are no data, and take none away";
    private static final String ANEW = "A peer negotiates anew as often as it may: never, unless told otherwise";

    RekeyContract() {}

    private static TlsConfig server(TlsVersion version, int renegotiations) {
        return serverConfig()
                .versions(version)
                .limits(TlsLimits.defaults().withRenegotiations(renegotiations))
                .build();
    }

    // ---- tickets

    @Promise(NO_DATA)
    @Test
    void ticketsAreReadAsRecordsWithoutData() throws Exception {
        try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3).handshake()) {
            exchange(pipe, 1); // whoever kept its tickets back has sent them
        }
        try (EnginePipe pipe =
                referenceServer(clientConfig().build(), serverConfig().build())) {
            ByteBuffer tickets = ByteBuffer.wrap(ticketsOf(pipe));
            assertThat(tickets.hasRemaining()).isEqualTo(can(TlsCapability.RESUMPTION_1_3)); // none is sent unasked for
            while (tickets.hasRemaining()) {
                ByteBuffer out = ByteBuffer.allocate(pipe.client().engine().appSize());
                assertThat(pipe.client().engine().receive(tickets, out)).isEqualTo(Step.PROGRESS);
                assertThat(out.position()).isZero();
                assertThat(pipe.client().engine().inboundClosed()).isFalse();
            }
            exchange(pipe, 1000);
        }
    }

    /** What the server says when it has the client's last flight, kept from the client. */
    private static byte[] ticketsOf(EnginePipe pipe) {
        while (!pipe.server().engine().handshakeDone()) {
            pipe.server().inject(taken(pipe.client()));
            byte[] flight = taken(pipe.server());
            if (pipe.server().engine().handshakeDone()) {
                return flight;
            }
            pipe.client().inject(flight);
        }
        throw new AssertionError("no last flight\n" + pipe.server());
    }

    // ---- new keys by TLS 1.3

    @Promise(value = NO_DATA, where = TlsCapability.REKEY)
    @Test
    void aKeyUpdateLosesNothing() throws Exception {
        try (EnginePipe pipe = pipe(TlsVersion.TLS_1_3).handshake()) {
            if (!can(TlsCapability.REKEY)) {
                assertThatThrownBy(() -> pipe.client().engine().rekey())
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            for (int i = 0; i < 20; i++) {
                EnginePipe.End updating = i % 2 == 0 ? pipe.client() : pipe.server();
                updateInBetween(pipe, updating);
                updating.engine().rekey();
                updating.work();
                assertThat(updating.wire().hasRemaining()).as("a key update").isTrue();
            }
        }
    }

    /** An answer may wait for the next data: RFC 8446, 4.6.3. The reference asks for one each time. */
    @Promise(NO_DATA)
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeersKeyUpdatesAreAnsweredAndLoseNothing(boolean peerIsClient) throws Exception {
        TlsConfig client = clientConfig().versions(TlsVersion.TLS_1_3).build();
        TlsConfig server = serverConfig().build();
        try (EnginePipe pipe = peerIsClient ? referenceClient(client, server) : referenceServer(client, server)) {
            pipe.handshake();
            EnginePipe.End peer = peerIsClient ? pipe.client() : pipe.server();
            EnginePipe.End own = peerIsClient ? pipe.server() : pipe.client();
            exchange(pipe, 1);
            for (int i = 0; i < 10; i++) {
                peer.engine().rekey();
                own.inject(taken(peer));
                byte[] answer = taken(own);
                own.send(random(10));
                byte[] data = taken(own);
                assertThat(records(answer) + records(data))
                        .as("answer and data")
                        .isEqualTo(2);
                peer.inject(answer);
                peer.inject(data);
                assertThat(pipe.pump()).isNotNull();
                assertThat(peer.takeReceived()).isEqualTo(random(10));
                updateInBetween(pipe, peer);
            }
        }
    }

    private static int records(byte[] wire) {
        int count = 0;
        for (ByteBuffer in = ByteBuffer.wrap(wire); in.hasRemaining(); count++) {
            in.position(in.position() + 5 + (in.getShort(in.position() + 3) & 0xffff));
        }
        return count;
    }

    private static void updateInBetween(EnginePipe pipe, EnginePipe.End updating) throws TlsException {
        pipe.client().send(random(1000));
        pipe.server().send(random(1000));
        updating.engine().rekey();
        pipe.client().send(random(1000));
        pipe.pump();
        assertThat(pipe.server().takeReceived()).hasSize(2000);
        assertThat(pipe.client().takeReceived()).isEqualTo(random(1000));
    }

    /** Several wait when it comes to read. */
    @Promise(NO_DATA)
    @Test
    void severalKeyUpdatesInARowAreRead() throws Exception {
        TlsConfig client = clientConfig().versions(TlsVersion.TLS_1_3).build();
        try (EnginePipe pipe = referenceClient(client, serverConfig().build()).handshake()) {
            exchange(pipe, 1);
            for (int i = 0; i < 8; i++) {
                pipe.client().engine().rekey();
                pipe.client().work();
                pipe.client().send(random(10));
                pipe.client().work();
            }
            assertThat(pipe.pump().server().takeReceived()).hasSize(80);
            exchange(pipe, 1000);
        }
    }

    // ---- new handshakes by TLS 1.2

    @Promise(ANEW)
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatNegotiatesAnewIsRefused(boolean peerIsClient) throws Exception {
        TlsConfig client = clientConfig().versions(TlsVersion.TLS_1_2).build();
        TlsConfig server = server(TlsVersion.TLS_1_2, 0);
        try (EnginePipe pipe = peerIsClient ? referenceClient(client, server) : referenceServer(client, server)) {
            pipe.handshake();
            EnginePipe.End peer = peerIsClient ? pipe.client() : pipe.server();
            EnginePipe.End own = peerIsClient ? pipe.server() : pipe.client();
            exchange(pipe, 1000);
            peer.engine().rekey();
            assertFails(pipe.pump(), own, Reason.RENEGOTIATION);
            peer.send(random(10));
            assertThat(pipe.pump()).isNotNull();
            assertThat(own.takeReceived()).isEmpty();
        }
    }

    private static void assertFails(EnginePipe pumped, EnginePipe.End end, Reason reason) {
        assertThat(end.failure()).as(pumped.client() + "\n" + pumped.server()).isNotNull();
        assertFails(end, reason);
    }

    @Promise(value = ANEW, where = TlsCapability.RENEGOTIATION)
    @ParameterizedTest
    @EnumSource(names = "TLS_1_2")
    void aPeerNegotiatesAnewAsOftenAsItMay(TlsVersion version) throws Exception {
        if (!can(TlsCapability.RENEGOTIATION)) {
            assertRefused(() -> backend().context(server(version, 1)), "negotiate anew");
            return;
        }
        for (int allowed = 1; allowed < 3; allowed++) {
            try (EnginePipe pipe = referenceClient(clientConfig().build(), server(version, allowed))) {
                pipe.handshake();
                for (int i = 0; i < allowed; i++) {
                    updateInBetween(pipe, pipe.client());
                }
                pipe.client().engine().rekey();
                assertFails(pipe.pump(), pipe.server(), Reason.RENEGOTIATION);
            }
        }
    }

    @Promise(value = NO_DATA, where = TlsCapability.REKEY)
    @Test
    void aHandshakeAnewOfOnesOwnLosesNothing() throws Exception {
        if (!can(TlsCapability.REKEY)) {
            try (EnginePipe pipe = pipe(TlsVersion.TLS_1_2).handshake()) {
                assertThatThrownBy(() -> pipe.client().engine().rekey())
                        .isInstanceOf(UnsupportedOperationException.class);
            }
            return;
        }
        try (EnginePipe pipe = referenceServer(clientConfig().build(), server(TlsVersion.TLS_1_2, 5))) {
            pipe.handshake();
            for (int i = 0; i < 5; i++) {
                updateInBetween(pipe, pipe.client());
            }
        }
    }
}
