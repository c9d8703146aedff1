package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;

/** What the tests of a TLS backend share. */
abstract class EngineContract {

    static final String HOST = "server.test";
    static final TestAuthority AUTHORITY = TestAuthority.create();
    static final TlsIdentity IDENTITY = AUTHORITY.identity(HOST, "*.wild.test", "127.0.0.1", "2001:db8::1");

    EngineContract() {}

    /** The backend under test. */
    protected abstract TlsBackend backend();

    // ---- making engines

    static TlsConfig.Builder clientConfig() {
        return TlsConfig.builder().trust(AUTHORITY.certificates());
    }

    EnginePipe pipe(String host, TlsConfig client, TlsConfig server) throws TlsException {
        return new EnginePipe(
                backend().context(client).client(host, 443),
                backend().context(server).server());
    }

    EnginePipe pipe(TlsVersion version) throws TlsException {
        return pipe(version, HOST, IDENTITY);
    }

    EnginePipe pipe(TlsVersion version, String host, TlsIdentity identity) throws TlsException {
        return pipe(
                host,
                clientConfig().versions(version).build(),
                TlsConfig.builder().identity(identity).versions(version).build());
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // ---- what the assertions share

    /** The failure, to look at. */
    static TlsException assertFails(EnginePipe.End end, Reason reason) {
        TlsException failure = Objects.requireNonNull(end.failure(), end::toString);
        assertThat(failure.reason()).as(end.toString()).isEqualTo(reason);
        return failure;
    }

    static ByteBuffer copy(ByteBuffer wire) {
        return ByteBuffer.allocate(wire.remaining()).put(wire).flip();
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] all = new byte[buffer.remaining()];
        buffer.get(all);
        return all;
    }
}
