package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What lies between a cell's sockets and their handlers: nothing, or TLS of one kind. */
record Layers(StreamLayer server, StreamLayer client, boolean halfClose) {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final String NAME = "localhost";

    static Layers of(Cell cell) throws IOException {
        if (cell.tls() == null) {
            return new Layers(StreamLayer.NONE, StreamLayer.NONE, true);
        }
        TlsBackend backend = TlsBackend.named(cell.tls());
        TlsConfig.Builder server = config(cell).identity(AUTHORITY.identity(NAME));
        TlsConfig.Builder client = config(cell).trust(AUTHORITY.certificates()).serverName(NAME);
        return new Layers(
                TlsLayer.of(backend.context(server.build())),
                TlsLayer.of(backend.context(client.build())),
                cell.version() == TlsVersion.TLS_1_3 && backend.capabilities().contains(TlsCapability.HALF_CLOSE));
    }

    /** In virtual time, with a delay for every few bytes, a handshake may take long. */
    private static TlsConfig.Builder config(Cell cell) {
        return TlsConfig.builder().versions(cell.version()).handshakeTimeout(Duration.ofMinutes(10));
    }

    /** Why a backend cannot be used here; null if it can. */
    static @Nullable String obstacle(String backend) {
        try {
            TlsBackend.named(backend).algorithms();
            return null;
        } catch (TlsException e) {
            return e.getMessage();
        }
    }
}
