package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that are resumed, and keys for other protocols. */
abstract class SessionContract extends AlgorithmContract {

    private static final String RESUMED =
            "A session is resumed exactly where both ends remember it, under its own name";

    SessionContract() {}

    private TlsContext client(TlsVersion version, SessionCache sessions) throws TlsException {
        return backend()
                .context(clientConfig().versions(version).sessions(sessions).build());
    }

    private TlsContext server(SessionCache sessions) throws TlsException {
        return backend().context(serverConfig().sessions(sessions).build());
    }

    /** What a connection came to: what the server said in its handshake, in bytes, and what both told of it. */
    private record Connection(
            long said,
            @Nullable Boolean toldByClient,
            @Nullable Boolean toldByServer) {}

    private static Connection connect(TlsContext client, TlsContext server, String host, int port) throws Exception {
        try (EnginePipe pipe = new EnginePipe(client.client(host, port), server.server())) {
            long said = pipe.handshake().server().said();
            TlsSession here = pipe.client().engine().session();
            TlsSession there = pipe.server().engine().session();
            exchange(pipe, 1); // some keep their tickets until they have something to send
            assertThat(here.peerCertificates()).isEqualTo(IDENTITY.chain());
            pipe.client().engine().closeNotify();
            pipe.server().engine().closeNotify();
            pipe.pump();
            return new Connection(said, here.resumed(), there.resumed());
        }
    }

    /** A resumed handshake shows no certificate, so the server has much less to say. */
    private static boolean isResumed(Connection connection, Connection full) throws Exception {
        boolean resumed = connection.said < full.said - IDENTITY.certificate().getEncoded().length / 2;
        assertThat(full.toldByClient).isFalse();
        assertThat(full.toldByServer).isIn(null, false);
        assertThat(connection.toldByClient).isEqualTo(resumed);
        assertThat(connection.toldByServer).isIn(null, resumed);
        return resumed;
    }

    @Promise(value = RESUMED, where = TlsCapability.RESUMPTION_1_3)
    @ParameterizedTest
    @EnumSource
    void aSecondConnectionResumesExactlyWhereItCan(TlsVersion version) throws Exception {
        TlsContext client = client(version, SessionCache.defaults());
        TlsContext server = server(SessionCache.defaults());
        Connection full = connect(client, server, HOST, 443);
        for (int i = 0; i < 3; i++) {
            assertThat(isResumed(connect(client, server, HOST, 443), full))
                    .isEqualTo(version == TlsVersion.TLS_1_2 || can(TlsCapability.RESUMPTION_1_3));
        }
    }

    @Promise(RESUMED)
    @ParameterizedTest
    @EnumSource
    void nothingIsResumedWhereOneEndRemembersNothing(TlsVersion version) throws Exception {
        for (boolean there : new boolean[] {true, false}) {
            TlsContext client = client(version, there ? SessionCache.none() : SessionCache.defaults());
            TlsContext server = server(there ? SessionCache.defaults() : SessionCache.none());
            Connection full = connect(client, server, HOST, 443);
            for (int i = 0; i < 3; i++) {
                assertThat(isResumed(connect(client, server, HOST, 443), full)).isFalse();
            }
        }
    }

    @Promise(RESUMED)
    @ParameterizedTest
    @EnumSource
    void nothingIsResumedUnderAnotherNameOrPort(TlsVersion version) throws Exception {
        TlsContext client = client(version, SessionCache.defaults());
        TlsContext server = server(SessionCache.defaults());
        Connection full = connect(client, server, HOST, 443);
        assertThat(isResumed(connect(client, server, "a.wild.test", 443), full)).isFalse();
        assertThat(isResumed(connect(client, server, HOST, 444), full)).isFalse();
    }

    @Promise(RESUMED)
    @ParameterizedTest
    @EnumSource
    void aContextResumesNothingOfAnothers(TlsVersion version) throws Exception {
        TlsContext server = server(SessionCache.defaults());
        Connection full = connect(client(version, SessionCache.defaults()), server, HOST, 443);
        TlsContext other = client(version, SessionCache.defaults());
        assertThat(isResumed(connect(other, server, HOST, 443), full)).isFalse();
    }

    @Promise(RESUMED)
    @ParameterizedTest
    @EnumSource
    void noMoreIsRememberedThanWasAllowed(TlsVersion version) throws Exception {
        TlsContext client = client(version, new SessionCache(1, Duration.ofHours(1)));
        TlsContext server = server(SessionCache.defaults());
        Connection full = connect(client, server, HOST, 443);
        connect(client, server, "a.wild.test", 443);
        assertThat(isResumed(connect(client, server, HOST, 443), full)).isFalse();
    }

    // ---- exported keys

    @Promise(value = "Both ends export the same keying material, or none", where = TlsCapability.EXPORTER)
    @ParameterizedTest
    @EnumSource
    void bothEndsExportTheSameKeyingMaterial(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            var client = pipe.client().engine();
            var server = pipe.server().engine();
            if (!can(TlsCapability.EXPORTER)) {
                assertThatThrownBy(() -> client.exportKeyingMaterial("EXPORTER-test", null, 32))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            byte[] material = client.exportKeyingMaterial("EXPORTER-test", new byte[] {1}, 32);
            assertThat(material)
                    .hasSize(32)
                    .isEqualTo(server.exportKeyingMaterial("EXPORTER-test", new byte[] {1}, 32))
                    .isNotEqualTo(server.exportKeyingMaterial("EXPORTER-test", new byte[] {2}, 32));
        }
    }
}
