package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A TLS socket whose engine is at the executor: what happens in the meantime. */
@ParameterizedClass
@EnumSource(names = "ELSEWHERE")
class OffLoopHandshakeTest extends SslLab {

    private void hold(boolean client) {
        held = true;
        start(client);
    }

    private void release() {
        held = false;
        settle();
    }

    @Test
    void nothingIsSaidBeforeItIsBack() {
        hold(true);
        assertThat(work).hasSize(1);
        assertThat(wire()).isEmpty();
        release();
        assertThat(wire()).isEqualTo("H0");
        arrives('F', "");
        assertThat(recorder.events).containsExactly("open");
    }

    @Test
    void whatArrivesInTheMeantimeWaitsBelowAndIsReadInOrder() {
        hold(false);
        release();
        held = true;
        below.arrive(ScriptedEngine.record('H', ""));
        below.arrive(ScriptedEngine.record('D', "abc"));
        settle();
        assertThat(work).hasSize(1);
        below.arrive(ScriptedEngine.record('D', "def"));
        settle();
        assertThat(recorder.events).isEmpty();
        release();
        assertThat(recorder.events).containsExactly("open");
        assertThat(recorder.data).hasToString("abcdef");
    }

    @Test
    void aRecordThatComesInPartsIsTriedAgainOnlyWhenMoreHasCome() {
        start(false);
        byte[] hello = ScriptedEngine.record('H', "0123456789");
        int tries = 0;
        for (byte part : hello) {
            held = true;
            below.arrive(new byte[] {part});
            settle();
            tries += work.size();
            release();
        }
        assertThat(tries).isEqualTo(hello.length);
        assertThat(wire()).isEqualTo("F0");
        assertThat(recorder.events).containsExactly("open");
    }

    @Test
    void whatWasConsumedIsNotReadAgainWhenTheAnswerNeedsMoreRoomThanWasLent() {
        start(false);
        engine.needs(100_000);
        arrives('H', "");
        assertThat(wire()).isEqualTo("F0");
        arrives('D', "abc");
        assertThat(recorder.events).containsExactly("open");
        assertThat(recorder.data).hasToString("abc");
    }

    @Test
    void sendsWaitInOrder() {
        hold(true);
        WriteOp op = new WriteOp(bytes("b"));
        inLoop(() -> {
            assertThat(socket.send(bytes("a"))).isEqualTo(Sent.TAKEN);
            assertThat(socket.send(op)).isEqualTo(Sending.PENDING);
        });
        release();
        assertThat(wire()).isEqualTo("H0");
        arrives('F', "");
        assertThat(wire()).isEqualTo("D(a)D(b)");
        assertThat(recorder.sent).containsExactly(op);
    }

    @Test
    void anAbortClosesTheSocketAtOnceAndTheEngineWhenItIsBack() {
        hold(true);
        inLoop(() -> socket.abort());
        assertThat(recorder.closed).isNotNull();
        assertThat(engine.closes()).isZero();
        release();
        assertClosed(CloseReason.Kind.LOCAL, null);
    }

    @Test
    void aCloseWaitsForItAndThenSendsAnAlert() {
        hold(true);
        inLoop(() -> socket.close());
        assertThat(recorder.closed).isNull();
        release();
        below.end();
        settle();
        assertThat(wire()).isEqualTo("H0A0");
        assertClosed(CloseReason.Kind.LOCAL, null);
    }

    @Test
    void theDeadlineCutsItHoweverLongItIsOut() {
        hold(false);
        below.arrive(ScriptedEngine.record('H', ""));
        settle();
        backend.clock().advance(Duration.ofSeconds(11).toNanos());
        settle();
        assertThat(recorder.closed.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
        assertThat(engine.closes()).isZero();
        release();
        assertThat(engine.closes()).isEqualTo(1);
        assertThat(wire()).isEmpty();
    }

    @Test
    void aFailureIsToldAndTheAlertGoesOut() {
        start(false);
        engine.onReceive(() -> {
            throw new TlsException(Reason.UNTRUSTED, "no");
        });
        arrives('H', "");
        below.end();
        settle();
        assertThat(wire()).isEqualTo("A0");
        assertClosed(CloseReason.Kind.FAILED, Reason.UNTRUSTED);
    }

    @Test
    void whatItThrowsHarmsThisConnectionOnly() {
        start(false);
        engine.onReceive(() -> {
            throw new AssertionError("broken");
        });
        arrives('H', "");
        below.end();
        settle();
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
    }

    @Test
    void aStepThatMovesNothingIsAFaultThereToo() {
        start(false);
        engine.onReceive(() -> Step.PROGRESS);
        arrives('H', "");
        below.end();
        settle();
        assertClosed(CloseReason.Kind.FAILED, Reason.BACKEND_FAULT);
    }

    @Test
    void anExecutorThatRefusesFailsTheHandshake() {
        engine = new ScriptedEngine(true, way.memory);
        TlsConfig refusing = TlsConfig.builder()
                .handshakesOn(task -> {
                    throw new RejectedExecutionException("full");
                })
                .build();
        below = new MemoryStream(queue, recorder);
        inLoop(() -> socket = SslSocket.client(
                below,
                new ScriptedTls(engine, EnumSet.noneOf(TlsCapability.class), refusing),
                "h",
                1,
                recorder,
                StreamConfig.defaults()));
        below.end();
        settle();
        assertClosed(CloseReason.Kind.FAILED, Reason.TOO_MANY_HANDSHAKES);
    }

    @Test
    void anExecutorThatRunsItAtOnceServesAsWell() {
        engine = new ScriptedEngine(false, way.memory);
        TlsConfig direct = TlsConfig.builder().handshakesOn(Runnable::run).build();
        below = new MemoryStream(queue, recorder);
        inLoop(() -> socket = SslSocket.server(
                below,
                new ScriptedTls(engine, EnumSet.noneOf(TlsCapability.class), direct),
                recorder,
                StreamConfig.defaults()));
        arrives('H', "");
        assertThat(wire()).isEqualTo("F0");
        assertThat(recorder.events).containsExactly("open");
    }
}
