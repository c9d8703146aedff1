package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The orderly end of the outgoing stream. */
@EveryTrack
class ShutdownOutputTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();
    private final IoKey key;

    ShutdownOutputTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void itComesBehindAllThatWasSubmittedBefore() {
        lab.submit(key, Bytes.write("ab"));
        lab.submit(key, Bytes.write("cd"));
        lab.inLoop(key::shutdownOutput);
        port.output().take(3).wouldBlock().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abcd");
        assertThat(port.calls()).last().isEqualTo("shutdownOutput");
    }

    @Test
    void itComesBehindWritesOfAnotherThread() {
        port.output().takeAll().forever();
        Lab.elsewhere(() -> {
            key.submit(Bytes.write("ab"));
            key.shutdownOutput();
        });
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("ab");
        assertThat(port.isOutputShut()).isTrue();
    }

    @Test
    void writesSubmittedLaterFail() {
        port.output().takeAll().forever();
        lab.inLoop(key::shutdownOutput);
        lab.settle();
        WriteOp late = Bytes.write("a");
        assertThat(lab.submit(key, late)).isEqualTo(Submission.DONE);
        assertThat(late.failure()).isInstanceOf(ClosedException.class);
        assertThat(port.written()).isEmpty();
    }

    @Test
    void writesSubmittedBehindAPendingOneFail() {
        lab.submit(key, Bytes.write("ab"));
        lab.inLoop(key::shutdownOutput);
        WriteOp late = Bytes.write("a");
        lab.submit(key, late);
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("ab");
        assertThat(late.failure()).isInstanceOf(ClosedException.class);
    }

    @Test
    void twiceIsOnce() {
        port.output().takeAll().forever();
        lab.inLoop(() -> {
            key.shutdownOutput();
            key.shutdownOutput();
        });
        lab.settle();
        lab.inLoop(key::shutdownOutput);
        lab.settle();
        assertThat(port.calls("shutdownOutput")).isEqualTo(1);
    }

    @Test
    void readingGoesOn() {
        port.output().takeAll().forever();
        lab.inLoop(key::shutdownOutput);
        lab.settle();
        ReadOp read = Bytes.read(3);
        port.input().give("abc");
        lab.submit(key, read);
        lab.settle();
        assertThat(Bytes.text(read)).isEqualTo("abc");
    }

    @Test
    void itsFailureIsTheCauseOfLaterWrites() {
        IOException failure = new IOException("broken");
        port.failShutdown(failure);
        port.output().takeAll().forever();
        lab.inLoop(key::shutdownOutput);
        lab.settle();
        WriteOp late = Bytes.write("a");
        lab.submit(key, late);
        assertThat(late.failure()).isSameAs(failure);
    }

    @Test
    void onAClosedKeyItDoesNothing() {
        lab.inLoop(() -> {
            key.close();
            key.shutdownOutput();
        });
        lab.settle();
        assertThat(port.calls("shutdownOutput")).isZero();
    }

    @Test
    void itGoesBehindAHeldWrite() {
        WriteOp held = Bytes.write("held");
        port.output().takeAll().forever();
        lab.inLoop(() -> {
            key.hold(held);
            key.shutdownOutput();
        });
        lab.settle();
        assertThat(port.isOutputShut()).isFalse();
        lab.inLoop(() -> key.release(held));
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("held");
        assertThat(port.isOutputShut()).isTrue();
    }

    @Test
    void onASocketWithoutAStreamItIsMisuse() {
        IoKey listener = lab.register(new ScriptedListenerPort(), recorder);
        assertThatIllegalArgumentException().isThrownBy(listener::shutdownOutput);
        IoKey fresh = lab.register(ScriptedStreamPort.unconnected(), recorder);
        assertThatIllegalStateException().isThrownBy(fresh::shutdownOutput);
    }
}
