package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The flow of a TLS socket: its handshake, sending and receiving. */
@ParameterizedClass
@EnumSource
class SslSocketTest extends SslLab {

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
    void anOpOfNothingIsCompleteWithoutCiphertext() {
        opened();
        WriteOp op = new WriteOp(bytes(0));
        inLoop(() -> assertThat(socket.send(op)).isEqualTo(Sending.PENDING));
        assertThat(recorder.sent).containsExactly(op);
        assertThat(wire()).isEmpty();
    }

    @Test
    void anEngineThatFindsItNeedsMoreRoomIsGivenIt() {
        opened();
        for (int room = 2000; room <= 200_000; room *= 10) {
            engine.needs(room);
            inLoop(() -> socket.send(bytes("ab")));
            assertThat(wire()).isEqualTo("D(ab)");
        }
    }

    @Test
    void anEngineThatNeverHasEnoughRoomIsAtFault() {
        opened();
        engine.needs(1 << 20);
        inLoop(() -> socket.send(bytes("ab")));
        below.end();
        settle();
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
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

    @Test
    void inTheHandshakeAndWhileTheEngineNegotiatesTheLimitsHoldAndWritableIsToldOnce() {
        start(true);
        fillUp("H0");
        arrives('F', "");
        assertThat(recorder.events).containsExactly("open", "writable");
        assertThat(wire()).isEqualTo("D1000".repeat(10));
        recorder.events.clear();
        engine.busy(true);
        fillUp("");
        engine.busy(false);
        below.refuse(false); // wakes it, as whatever ends a negotiation does
        settle();
        assertThat(recorder.events).containsExactly("writable");
        assertThat(wire()).isEqualTo("D1000".repeat(10));
    }

    private void fillUp(String onTheWire) {
        inLoop(() -> {
            assertThat(socket.send(bytes(6_000))).isEqualTo(Sent.TAKEN);
            assertThat(socket.send(new WriteOp(bytes(4_000)))).isEqualTo(Sending.PENDING);
            assertThat(socket.send(bytes(1))).isEqualTo(Sent.FULL);
            assertThat(socket.send(new WriteOp(bytes(1)))).isEqualTo(Sending.FULL);
        });
        assertThat(wire()).isEqualTo(onTheWire);
        assertThat(recorder.events).isEmpty();
        assertThat(socket.queuedBytes()).isEqualTo(10_000);
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
}
