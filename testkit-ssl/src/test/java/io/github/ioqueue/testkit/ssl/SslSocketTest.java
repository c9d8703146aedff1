package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The flow of a TLS socket, between an engine without crypto and a stream without network. */
@ParameterizedClass
@EnumSource
class SslSocketTest {

    private static final StreamConfig LIMITS = StreamConfig.defaults().withMaxQueued(10_000, 100);

    @Parameter
    Memory memory;

    private final ScriptedBackend backend = new ScriptedBackend();
    private final List<Throwable> errors = new ArrayList<>();
    private final IoQueue queue = open();
    private final Recorder recorder = new Recorder();
    private ScriptedEngine engine;
    private MemoryStream below;
    private SslSocket socket;

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
    private static final class Recorder implements StreamHandler {
        private final StringBuilder data = new StringBuilder();
        private final List<WriteOp> sent = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private CloseReason closed;
        private Runnable onData = () -> {};
        private int leave;

        @Override
        public void onOpen(StreamSocket s) {
            events.add("open");
        }

        @Override
        public void onData(StreamSocket s, ByteBuffer in) {
            while (in.remaining() > leave) {
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

    private void start(boolean client) {
        engine = new ScriptedEngine(client, memory);
        ScriptedTls tls = new ScriptedTls(engine, EnumSet.of(TlsCapability.HALF_CLOSE), TlsConfig.defaults());
        below = new MemoryStream(queue, recorder);
        inLoop(() -> socket = client
                ? SslSocket.client(below, tls, "h", 1, recorder, LIMITS)
                : SslSocket.server(below, tls, recorder, LIMITS));
    }

    private void opened() {
        start(true);
        below.arrive(ScriptedEngine.record('F', ""));
        settle();
        assertThat(wire()).isEqualTo("H0");
        assertThat(recorder.events).containsExactly("open");
    }

    private interface Act {
        void run() throws Exception;
    }

    private void inLoop(Act act) {
        queue.execute(() -> {
            try {
                act.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        settle();
    }

    private void settle() {
        for (int quiet = 0; quiet < 3; ) {
            quiet = queue.poll(0) == 0 ? quiet + 1 : 0;
        }
    }

    private void arrives(char type, String content) {
        below.arrive(ScriptedEngine.record(type, content));
        settle();
    }

    /** The records that were written: their letters with the length of their contents, short ones as they are. */
    private String wire() {
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

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer bytes(int n) {
        return bytes("x".repeat(n));
    }

    private void assertClosed(CloseReason.Kind kind, Reason reason) {
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

    // ---- the handshake

    @Test
    void aServerAnswersTheHelloAndIsOpen() {
        start(false);
        arrives('H', "");
        assertThat(wire()).isEqualTo("F0");
        assertThat(recorder.events).containsExactly("open");
        assertThat(socket.session()).isNotNull();
    }

    @Test
    void aTaskOfTheHandshakeIsRunOnce() {
        start(false);
        engine.withTask();
        arrives('H', "");
        assertThat(engine.tasksRun()).isEqualTo(1);
        assertThat(wire()).isEqualTo("F0");
        assertThat(recorder.events).containsExactly("open");
    }

    @Test
    void whatIsSentDuringTheHandshakeGoesBehindItInOrder() {
        start(true);
        WriteOp op = new WriteOp(bytes("b"));
        inLoop(() -> {
            assertThat(socket.send(bytes("a"))).isEqualTo(Sent.TAKEN);
            assertThat(socket.send(op)).isEqualTo(Sending.PENDING);
            assertThat(socket.send(bytes("c"))).isEqualTo(Sent.TAKEN);
        });
        assertThat(wire()).isEqualTo("H0");
        arrives('F', "");
        assertThat(wire()).isEqualTo("D(a)D(b)D(c)");
        assertThat(recorder.sent).containsExactly(op);
        assertThat(op.count()).isEqualTo(1);
    }

    @Test
    void aHandshakeThatTakesTooLongIsCut() {
        start(true);
        backend.clock().advance(Duration.ofSeconds(9).toNanos());
        settle();
        assertThat(recorder.events).isEmpty();
        backend.clock().advance(Duration.ofSeconds(2).toNanos());
        settle();
        assertClosed(CloseReason.Kind.TIMED_OUT, null);
        assertThat(recorder.closed.cause()).isInstanceOf(DeadlineException.class);
    }

    @Test
    void anEndDuringTheHandshakeIsATruncation() {
        start(true);
        below.end();
        settle();
        assertClosed(CloseReason.Kind.TRUNCATED, Reason.TRUNCATED);
    }

    // ---- sending

    @Test
    void whatOneTurnSendsSharesARecordAndASystemCall() {
        opened();
        int before = below.sends();
        inLoop(() -> {
            for (int i = 0; i < 16; i++) {
                socket.send(bytes("ab"));
            }
        });
        assertThat(wire()).isEqualTo("D32");
        assertThat(below.sends() - before).isEqualTo(1);
    }

    @Test
    void aLargeOpThatGoesAtOnceIsDoneWithoutACallback() {
        opened();
        WriteOp op = new WriteOp(bytes(20_000));
        inLoop(() -> assertThat(socket.send(op)).isEqualTo(Sending.DONE));
        assertThat(op.count()).isEqualTo(20_000);
        assertThat(recorder.sent).isEmpty();
        assertThat(wire()).isEqualTo("D1000".repeat(20));
    }

    @Test
    void anOpIsCompleteWhenTheLastByteOfItsCiphertextIsTaken() {
        opened();
        below.window(20_059);
        WriteOp op = new WriteOp(bytes(20_000));
        inLoop(() -> assertThat(socket.send(op)).isEqualTo(Sending.PENDING));
        assertThat(recorder.sent).isEmpty();
        below.window(1);
        settle();
        assertThat(recorder.sent).containsExactly(op);
        assertThat(op.failure()).isNull();
    }

    @Test
    void limitsAreThoseOfThePlaintextAndWritableIsToldOnce() {
        opened();
        below.window(0);
        inLoop(() -> {
            assertThat(socket.send(bytes(6_000))).isEqualTo(Sent.TAKEN);
            assertThat(socket.send(bytes(4_000))).isEqualTo(Sent.TAKEN);
            assertThat(socket.send(bytes(1))).isEqualTo(Sent.FULL);
            assertThat(socket.queuedBytes()).isEqualTo(10_000);
        });
        below.window(Long.MAX_VALUE);
        settle();
        assertThat(recorder.events).containsExactly("open", "writable");
        assertThat(wire()).isEqualTo("D1000".repeat(10));
        assertThat(socket.queuedBytes()).isZero();
    }

    @Test
    void aSocketBelowThatRefusesIsAskedAgain() {
        opened();
        below.refuse(true);
        inLoop(() -> socket.send(bytes("a")));
        assertThat(wire()).isEmpty();
        below.refuse(false);
        settle();
        assertThat(wire()).isEqualTo("D(a)");
    }

    @Test
    void sendsOfAnotherThreadComeInOrderWithThoseOfTheLoop() throws Exception {
        opened();
        WriteOp op = new WriteOp(bytes("2"));
        Thread other = new Thread(() -> {
            socket.send(bytes("1"));
            socket.send(op);
        });
        other.start();
        other.join();
        inLoop(() -> socket.send(bytes("3")));
        assertThat(wire()).isEqualTo("D(1)D(2)D(3)");
        assertThat(recorder.sent).containsExactly(op);
    }

    @Test
    void whileTheEngineNegotiatesSendsWait() {
        opened();
        engine.busy(true);
        inLoop(() -> socket.send(bytes("a")));
        assertThat(wire()).isEmpty();
        engine.busy(false);
        inLoop(() -> socket.send(bytes("b")));
        assertThat(wire()).isEqualTo("D(ab)");
    }

    // ---- receiving

    @Test
    void recordsInPiecesAndManyInOneAreDelivered() {
        opened();
        byte[] record = ScriptedEngine.record('D', "hello");
        for (byte b : record) {
            below.arrive(new byte[] {b});
            settle();
        }
        below.arrive(ScriptedEngine.record('D', " a"));
        below.arrive(ScriptedEngine.record('D', " b"));
        settle();
        assertThat(recorder.data).hasToString("hello a b");
    }

    @Test
    void whatTheHandlerLeavesComesAgainWithMore() {
        opened();
        recorder.leave = 2;
        arrives('D', "abc");
        assertThat(recorder.data).hasToString("a");
        inLoop(() -> assertThat(socket.unread()).isEqualTo(2));
        arrives('D', "def");
        assertThat(recorder.data).hasToString("abcd");
    }

    @Test
    void pausedItDeliversNothingAndResumedTheRest() {
        opened();
        recorder.onData = () -> socket.pauseReading();
        below.arrive(ScriptedEngine.record('D', "a"));
        below.arrive(ScriptedEngine.record('D', "b"));
        settle();
        assertThat(recorder.data).hasToString("a");
        assertThat(below.isPaused()).isTrue();
        inLoop(() -> socket.resumeReading());
        assertThat(recorder.data).hasToString("ab");
    }

    @Test
    void aRemainderThatNobodyTakesClosesTheSocket() {
        opened();
        recorder.leave = Integer.MAX_VALUE;
        for (int i = 0; i < 66; i++) {
            arrives('D', "x".repeat(ScriptedEngine.RECORD));
        }
        assertClosed(CloseReason.Kind.REMAINDER_FULL, null);
    }

    // ---- the end

    @Test
    void closeSendsWhatWasTakenThenCloseNotify() {
        opened();
        below.window(0);
        WriteOp op = new WriteOp(bytes("op"));
        inLoop(() -> {
            socket.send(bytes("data"));
            socket.send(op);
            socket.close();
        });
        assertThat(recorder.events).doesNotContain("closed");
        below.window(Long.MAX_VALUE);
        settle();
        assertThat(wire()).isEqualTo("D(data)D(op)C0");
        assertThat(recorder.sent).containsExactly(op);
        assertClosed(CloseReason.Kind.LOCAL, null);
    }

    @Test
    void thePeersEndIsAnsweredAndTold() {
        opened();
        below.arrive(ScriptedEngine.record('D', "last"));
        arrives('C', "");
        assertThat(recorder.data).hasToString("last");
        assertThat(recorder.events).containsExactly("open", "end", "closed");
        assertThat(wire()).isEqualTo("C0");
        assertClosed(CloseReason.Kind.PEER_END, null);
    }

    @Test
    void anEndWithoutCloseNotifyIsATruncation() {
        opened();
        below.end();
        settle();
        assertThat(recorder.events).containsExactly("open", "closed");
        assertClosed(CloseReason.Kind.TRUNCATED, Reason.TRUNCATED);
    }

    @Test
    void aResetFailsWhatWaitsAndIsTold() {
        opened();
        below.window(0);
        WriteOp op = new WriteOp(bytes("a"));
        inLoop(() -> socket.send(op));
        below.reset();
        settle();
        assertThat(recorder.sent).containsExactly(op);
        assertThat(op.failure()).isSameAs(recorder.closed.cause());
        assertClosed(CloseReason.Kind.RESET, null);
    }

    @Test
    void shutdownOutputEndsOneDirection() {
        opened();
        inLoop(() -> {
            socket.send(bytes("a"));
            socket.shutdownOutput();
        });
        assertThat(wire()).isEqualTo("D(a)C0");
        assertThat(socket.send(bytes("b"))).isEqualTo(Sent.CLOSED);
        arrives('D', "still here");
        assertThat(recorder.data).hasToString("still here");
    }

    // ---- engines that fail

    @Test
    void aFailureSendsItsAlertAndIsTold() {
        opened();
        WriteOp op = new WriteOp(bytes("a"));
        engine.busy(true);
        inLoop(() -> socket.send(op));
        engine.onReceive(() -> {
            throw new TlsException(Reason.PEER_MISBEHAVED, "on purpose");
        });
        arrives('D', "x");
        assertThat(wire()).isEqualTo("A0");
        assertThat(op.failure()).isInstanceOf(TlsException.class);
        assertThat(recorder.sent).containsExactly(op);
        assertClosed(CloseReason.Kind.FAILED, Reason.PEER_MISBEHAVED);
    }

    @Test
    void anEngineThatThrowsAnythingFailsThisSocketOnly() {
        opened();
        engine.onReceive(() -> {
            throw new LinkageError("on purpose");
        });
        arrives('D', "x");
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
        assertThat(queue.isClosing()).isFalse();
    }

    @Test
    void progressWithoutProgressIsAFault() {
        opened();
        engine.onReceive(() -> Step.PROGRESS);
        arrives('D', "x");
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
    }

    @Test
    void anEngineThatWantsMoreRoomThanItSaysIsAtFault() {
        opened();
        engine.onSend(() -> Step.WANT_NET_SPACE);
        inLoop(() -> socket.send(bytes("a")));
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
    }

    @Test
    void anEngineThatWantsAFlushAndHasNothingToFlushIsAtFault() {
        opened();
        engine.onSend(() -> Step.WANT_FLUSH);
        inLoop(() -> socket.send(bytes("a")));
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
    }
}
