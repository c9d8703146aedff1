package io.github.ioqueue.benchmarks;

import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A TLS 1.3 handshake with a key on P-256 and the server's first byte, which a backend may have its tickets wait for: both
 * ends, on engines alone. Read the ratios to the JDK's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class TlsHandshake {

    @Param({"jdk", "conscrypt"})
    public String backend;

    @Param({"full", "resumed"})
    public String kind;

    private TlsContext client;
    private TlsContext server;
    private ByteBuffer forth;
    private ByteBuffer back;
    private ByteBuffer plaintext;

    @Setup
    public void prepare() throws Exception {
        TestAuthority authority = TestAuthority.create();
        TlsBackend engines = TlsBackend.named(backend);
        SessionCache cache = kind.equals("resumed") ? SessionCache.defaults() : SessionCache.none();
        client = engines.context(TlsConfig.builder()
                .trust(authority.certificates())
                .versions(TlsVersion.TLS_1_3)
                .sessions(cache)
                .build());
        server = engines.context(TlsConfig.builder()
                .identity(authority.identity("localhost"))
                .sessions(cache)
                .build());
        TlsEngine.Memory memory = client.client("localhost", 443).memory();
        forth = buffer(memory);
        back = buffer(memory);
        plaintext = buffer(memory);
        handshake();
        if (Boolean.TRUE.equals(handshake().resumed()) != kind.equals("resumed")) {
            throw new IllegalStateException("the handshake is not " + kind);
        }
    }

    private static ByteBuffer buffer(TlsEngine.Memory memory) {
        return memory == TlsEngine.Memory.HEAP ? ByteBuffer.allocate(64 << 10) : ByteBuffer.allocateDirect(64 << 10);
    }

    @Benchmark
    public TlsSession handshake() throws TlsException {
        TlsEngine here = client.client("localhost", 443);
        TlsEngine there = server.server();
        forth.clear();
        back.clear();
        try {
            converse(here, there);
            if (there.send(plaintext.clear().limit(1), back) != Step.PROGRESS) {
                throw new IllegalStateException("the handshake is not done");
            }
            converse(here, there);
            return here.session();
        } finally {
            here.close();
            there.close();
        }
    }

    private void converse(TlsEngine here, TlsEngine there) throws TlsException {
        boolean any = true;
        while (any) {
            any = work(here, back, forth);
            any |= work(there, forth, back);
        }
    }

    /** Reads all there is and says all there is to say; answers whether that was anything. */
    private boolean work(TlsEngine engine, ByteBuffer in, ByteBuffer out) throws TlsException {
        boolean any = say(engine, out);
        in.flip();
        for (Step step = Step.PROGRESS; step != Step.WANT_INPUT; ) {
            step = engine.receive(in, plaintext.clear());
            any |= step == Step.PROGRESS;
            if (step == Step.WANT_TASK) {
                engine.takeTask().run();
            }
            any |= say(engine, out);
        }
        in.compact();
        return any;
    }

    private static boolean say(TlsEngine engine, ByteBuffer out) throws TlsException {
        boolean any = false;
        for (Step step = Step.PROGRESS; step != Step.WANT_INPUT; ) {
            step = engine.flush(out);
            any |= step == Step.PROGRESS;
            if (step == Step.WANT_TASK) {
                engine.takeTask().run();
            }
        }
        return any;
    }
}
