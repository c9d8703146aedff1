package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the cases share. */
@ExtendWith(ContractReport.class)
abstract class EngineContract {

    /** The engine that others are tried against: it can do more than most. */
    static final TlsBackend REFERENCE = TlsBackend.named(TlsBackend.JDK);

    static final String HOST = "server.test";
    static final TestAuthority AUTHORITY = TestAuthority.create();
    static final TlsIdentity IDENTITY = AUTHORITY.identity(HOST, "*.wild.test", "127.0.0.1", "2001:db8::1");

    EngineContract() {}

    /** The backend under test. */
    protected abstract TlsBackend backend();

    final boolean can(TlsCapability capability) {
        return backend().capabilities().contains(capability);
    }

    // ---- making engines

    static TlsConfig.Builder clientConfig() {
        return TlsConfig.builder().trust(AUTHORITY.certificates());
    }

    static TlsConfig.Builder serverConfig() {
        return TlsConfig.builder().identity(IDENTITY);
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

    /** With the reference engine at the other end. */
    EnginePipe referenceClient(TlsConfig client, TlsConfig server) throws TlsException {
        return new EnginePipe(
                REFERENCE.context(client).client(HOST, 443),
                backend().context(server).server());
    }

    /** With the reference engine at the other end. */
    EnginePipe referenceServer(TlsConfig client, TlsConfig server) throws TlsException {
        return new EnginePipe(
                backend().context(client).client(HOST, 443),
                REFERENCE.context(server).server());
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // ---- what the assertions share

    /** So many bytes each way, at the same time. */
    static void exchange(EnginePipe pipe, int size) {
        byte[] bytes = random(size);
        pipe.client().send(bytes);
        pipe.server().send(bytes);
        pipe.pump();
        assertThat(pipe.server().takeReceived()).isEqualTo(bytes);
        assertThat(pipe.client().takeReceived()).isEqualTo(bytes);
    }

    /** The failure, to look at. */
    static TlsException assertFails(EnginePipe.End end, Reason reason) {
        TlsException failure = Objects.requireNonNull(end.failure(), end::toString);
        assertThat(failure.reason()).as(end.toString()).isEqualTo(reason);
        return failure;
    }

    static void assertRefused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_CONFIGURATION))
                .hasMessageContainingAll(words);
    }

    /** What an end has to say now, taken off its wire. */
    static byte[] taken(EnginePipe.End end) {
        end.work();
        return end.takeSaid();
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
