package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;

/** A TLS socket between an engine without crypto and a stream without network. */
abstract class SslLab {

    private static final StreamConfig LIMITS = StreamConfig.defaults().withMaxQueued(10_000, 100);

    /** What the engine wants, and who does its handshake. */
    enum Way {
        HEAP(Memory.HEAP),
        DIRECT(Memory.DIRECT),
        /** By an executor. */
        ELSEWHERE(Memory.HEAP);

        final Memory memory;

        Way(Memory memory) {
            this.memory = memory;
        }
    }

    @Parameter
    Way way;

    /** What the executor has accepted. */
    final ArrayDeque<Runnable> work = new ArrayDeque<>();

    /** Whether it waits with that. */
    boolean held;

    final ScriptedBackend backend = new ScriptedBackend();
    private final List<Throwable> errors = new ArrayList<>();
    final IoQueue queue = open();
    final Recorder recorder = new Recorder();
    ScriptedEngine engine;
    MemoryStream below;
    SslSocket socket;

    private IoQueue open() {
        try {
            return IoQueue.open(IoQueueConfig.builder()
                    .backend(backend)
                    .nanoClock(backend.clock())
                    .errorHandler((q, key, error) -> errors.add(error))
                    .build());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What a handler hears, and does on its first data. */
    static final class Recorder implements StreamHandler {
        final StringBuilder data = new StringBuilder();
        final List<WriteOp> sent = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        CloseReason closed;
        Runnable onData = () -> {};
        int leave;
        int atMost = Integer.MAX_VALUE;

        @Override
        public void onOpen(StreamSocket s) {
            events.add("open");
        }

        @Override
        public void onData(StreamSocket s, ByteBuffer in) {
            for (int i = 0; i < atMost && in.remaining() > leave; i++) {
                data.append((char) in.get());
            }
            onData.run();
        }

        @Override
        public void onEnd(StreamSocket s) {
            events.add("end");
            s.close();
        }

        @Override
        public void onWritable(StreamSocket s) {
            events.add("writable");
        }

        @Override
        public void onSent(StreamSocket s, WriteOp op) {
            sent.add(op);
        }

        @Override
        public void onClosed(StreamSocket s, CloseReason why) {
            events.add("closed");
            closed = why;
        }
    }

    void start(boolean client) {
        engine = new ScriptedEngine(client, way.memory);
        ScriptedTls tls = new ScriptedTls(engine, EnumSet.of(TlsCapability.HALF_CLOSE), config().build());
        below = new MemoryStream(queue, recorder);
        inLoop(() -> socket = client
                ? SslSocket.client(below, tls, "h", 1, recorder, LIMITS)
                : SslSocket.server(below, tls, recorder, LIMITS));
    }

    TlsConfig.Builder config() {
        TlsConfig.Builder config = TlsConfig.builder();
        return way == Way.ELSEWHERE ? config.handshakesOn(work::add) : config;
    }

    void opened() {
        start(true);
        below.arrive(ScriptedEngine.record('F', ""));
        settle();
        assertThat(wire()).isEqualTo("H0");
        assertThat(recorder.events).containsExactly("open");
    }

    interface Act {
        void run() throws Exception;
    }

    void inLoop(Act act) {
        queue.execute(() -> {
            try {
                act.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        settle();
    }

    void settle() {
        for (int quiet = 0; quiet < 3; ) {
            quiet = queue.poll(0) == 0 ? quiet + 1 : 0;
            if (!held && !work.isEmpty()) {
                work.remove().run();
                quiet = 0;
            }
        }
    }

    void arrives(char type, String content) {
        below.arrive(ScriptedEngine.record(type, content));
        settle();
    }

    /** The records that were written: their letters with the length of their contents, short ones as they are. */
    String wire() {
        ByteBuffer bytes = ByteBuffer.wrap(below.takeWritten());
        StringBuilder text = new StringBuilder();
        while (bytes.hasRemaining()) {
            char type = (char) bytes.get();
            byte[] content = new byte[bytes.getShort()];
            bytes.get(content);
            text.append(type)
                    .append(
                            content.length == 0 || content.length > 20
                                    ? Integer.toString(content.length)
                                    : "(" + new String(content, StandardCharsets.US_ASCII) + ")");
        }
        return text.toString();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static ByteBuffer bytes(int n) {
        return bytes("x".repeat(n));
    }

    void assertClosed(CloseReason.Kind kind, Reason reason) {
        assertThat(recorder.closed).as(socket.explain()).isNotNull();
        assertThat(recorder.closed.kind()).isEqualTo(kind);
        if (reason != null) {
            assertThat(recorder.closed.cause())
                    .isInstanceOfSatisfying(
                            TlsException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        }
        assertThat(engine.closes()).isEqualTo(1);
    }

    @AfterEach
    void nothingIsLeft() {
        held = false;
        inLoop(() -> {
            if (!below.isClosed()) {
                socket.abort();
            }
        });
        assertThat(recorder.events).endsWith("closed");
        assertThat(recorder.events.stream().filter("closed"::equals)).hasSize(1);
        assertThat(socket.send(bytes("late"))).isEqualTo(Sent.CLOSED);
        assertThat(socket.queuedBytes()).isZero();
        inLoop(() -> assertThat(queue.buffers().lentBytes()).isZero());
        queue.close();
        assertThat(errors).isEmpty();
    }
}
