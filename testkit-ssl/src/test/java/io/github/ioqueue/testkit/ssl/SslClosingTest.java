package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How a TLS socket ends: in order, cut, or because its engine fails. */
@ParameterizedClass
@EnumSource
class SslClosingTest extends SslLab {

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
    void aCloseWhileKeysChangeSendsWhatWasTakenWhenTheyHaveChanged() {
        opened();
        engine.busy(true);
        inLoop(() -> {
            socket.send(bytes("data"));
            socket.close();
        });
        assertThat(wire()).isEmpty();
        engine.busy(false);
        arrives('D', "dropped");
        assertThat(wire()).isEqualTo("D(data)C0");
        assertThat(recorder.data).isEmpty();
        assertClosed(CloseReason.Kind.LOCAL, null);
    }

    @Test
    void aCloseNotifyThatFindsNoRoomWaitsForIt() {
        opened();
        below.window(0);
        inLoop(() -> {
            socket.send(new WriteOp(bytes(1000)));
            socket.send(new WriteOp(bytes(45))); // of a buffer of 2 KiB there is less left now than a record may need
            socket.close();
        });
        below.window(Long.MAX_VALUE);
        settle();
        assertThat(wire()).isEqualTo("D1000D45C0");
        assertClosed(CloseReason.Kind.LOCAL, null);
    }

    @Test
    void aCloseThatLosesWhatWasTakenIsToldAsTheFailure() {
        opened();
        WriteOp op = new WriteOp(bytes("a"));
        engine.onSend(() -> {
            throw new TlsException(Reason.PEER_MISBEHAVED, "on purpose");
        });
        inLoop(() -> {
            socket.send(op);
            socket.close();
        });
        assertThat(recorder.sent).containsExactly(op);
        assertThat(op.failure()).isInstanceOf(TlsException.class);
        assertThat(wire()).isEqualTo("A0");
        assertClosed(CloseReason.Kind.FAILED, Reason.PEER_MISBEHAVED);
    }

    @Test
    void drainingClosesInOrder() {
        opened();
        inLoop(() -> socket.send(bytes("data")));
        below.drain();
        settle();
        assertThat(wire()).isEqualTo("D(data)C0");
        assertClosed(CloseReason.Kind.LOCAL, null);
    }

    @Test
    void thePeersEndComesBehindAllItsBytesHoweverFewAreTakenPerCall() {
        opened();
        recorder.atMost = 1;
        below.arrive(ScriptedEngine.record('D', "x".repeat(200)));
        arrives('C', "");
        assertThat(recorder.data).hasToString("x".repeat(200));
        assertThat(recorder.events).containsExactly("open", "end", "closed");
        assertClosed(CloseReason.Kind.PEER_END, null);
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
    void anEngineThatWantsAFlushAndIsClosedForItDoesNotSpin() {
        opened();
        engine.onReceive(() -> {
            engine.onFlush(() -> Step.CLOSED);
            return Step.WANT_FLUSH;
        });
        arrives('D', "x");
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
    }

    @Test
    void anEngineThatReceivesNoMoreAlthoughThePeerHasNotClosedIsAtFault() {
        opened();
        engine.onReceive(() -> Step.CLOSED);
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
