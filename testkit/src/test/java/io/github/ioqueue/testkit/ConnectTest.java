package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.spi.Demultiplexer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connecting, step by step. */
@EveryTrack
class ConnectTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.unconnected();
    private final IoKey key;
    private final ConnectOp connect = new ConnectOp(Bytes.SOMEWHERE);

    ConnectTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aConnectThatSucceedsAtOnceIsDone() {
        lab.queue.fastTrack(FastTrack.ON);
        port.connecting().done();
        assertThat(lab.submit(key, connect)).isEqualTo(Submission.DONE);
        assertThat(connect.failure()).isNull();
        assertThat(port.interests()).isEmpty();
    }

    @Test
    void aConnectThatTakesTimeCompletesWhenItIsReady() {
        assertThat(lab.submit(key, connect)).isEqualTo(Submission.PENDING);
        lab.settle();
        assertThat(port.interests()).containsExactly(Demultiplexer.CONNECT);
        port.connecting().done();
        lab.settle();
        assertThat(recorder.completed).containsExactly(connect);
        assertThat(connect.failure()).isNull();
        assertThat(port.calls()).containsExactly("connect", "finishConnect");
    }

    @Test
    void aFalseAlarmDoesNotCompleteIt() {
        lab.submit(key, connect);
        lab.settle();
        port.ready(Demultiplexer.CONNECT);
        lab.settle();
        assertThat(connect.isPending()).isTrue();
    }

    @Test
    void aConnectThatFailsClosesTheKey() {
        IOException refused = new ConnectException("Connection refused");
        lab.submit(key, connect);
        lab.settle();
        port.connecting().fail(refused);
        lab.settle();
        assertThat(recorder.completed).containsExactly(connect);
        assertThat(connect.failure()).isInstanceOf(ConnectException.class).hasCause(refused);
        assertThat(connect.failure()).hasMessage("connect to " + connect.remote() + ": Connection refused");
        assertThat(recorder.closed).isEqualTo(1);
        assertThat(port.isClosed()).isTrue();
    }

    @Test
    void aConnectThatFailsInSubmitIsDoneAndClosesTheKey() {
        lab.queue.fastTrack(FastTrack.ON);
        IOException refused = new ConnectException("Connection refused");
        port.connecting().fail(refused);
        assertThat(lab.submit(key, connect)).isEqualTo(Submission.DONE);
        lab.settle();
        assertThat(connect.failure()).isInstanceOf(ConnectException.class).hasCause(refused);
        assertThat(connect.failure()).hasMessage("connect to " + connect.remote() + ": Connection refused");
        assertThat(recorder.completed).isEmpty();
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void readsAndWritesBehindAConnectWaitForIt() {
        ReadOp read = Bytes.read(3);
        WriteOp write = Bytes.write("abc");
        port.output().takeAll().forever();
        port.input().give("def");
        lab.submit(key, connect);
        lab.submit(key, read);
        lab.submit(key, write);
        lab.settle();
        assertThat(port.calls()).containsExactly("connect");
        port.connecting().done();
        lab.settle();
        assertThat(recorder.completed).startsWith(connect).containsExactlyInAnyOrder(connect, read, write);
        assertThat(port.writtenText()).isEqualTo("abc");
        assertThat(Bytes.text(read)).isEqualTo("def");
    }

    @Test
    void readsAndWritesBehindAFailedConnectFailWithItsCause() {
        IOException refused = new ConnectException("Connection refused");
        ReadOp read = Bytes.read(3);
        WriteOp write = Bytes.write("abc");
        lab.submit(key, connect);
        lab.submit(key, read);
        lab.submit(key, write);
        port.connecting().fail(refused);
        lab.settle();
        assertThat(recorder.completed).startsWith(connect).containsExactlyInAnyOrder(connect, read, write);
        assertThat(recorder.completed).allMatch(op -> op.failure() == connect.failure());
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void shutdownBehindAConnectWaitsForIt() {
        port.output().takeAll().forever();
        lab.submit(key, connect);
        lab.inLoop(key::shutdownOutput);
        lab.settle();
        assertThat(port.isOutputShut()).isFalse();
        port.connecting().done();
        lab.settle();
        assertThat(port.isOutputShut()).isTrue();
    }

    @Test
    void readingOrWritingWithoutAConnectIsMisuse() {
        assertThatIllegalStateException()
                .isThrownBy(() -> key.submit(Bytes.read(1)))
                .withMessageContaining("R1");
        assertThatIllegalStateException()
                .isThrownBy(() -> lab.submit(key, Bytes.write("a")))
                .withMessageContaining("R1");
    }

    @Test
    void aSecondConnectIsMisuse() {
        lab.submit(key, connect);
        assertThatIllegalStateException()
                .isThrownBy(() -> lab.submit(key, new ConnectOp(Bytes.SOMEWHERE)))
                .withMessageContaining("R1");
    }

    @Test
    void anUnresolvedAddressIsMisuseThatNamesIt() {
        ConnectOp nowhere = new ConnectOp(InetSocketAddress.createUnresolved("host.example", 7));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lab.submit(key, nowhere))
                .withMessageContaining("R1")
                .withMessageContaining("host.example");
        assertThatIllegalArgumentException().isThrownBy(() -> lab.submit(key, new ConnectOp()));
        nowhere.remote(Bytes.SOMEWHERE);
        assertThat(lab.submit(key, nowhere)).isEqualTo(Submission.PENDING);
    }

    @Test
    void cancellingAConnectClosesTheKey() {
        lab.submit(key, connect);
        lab.settle();
        lab.inLoop(() -> key.cancel(connect));
        lab.settle();
        assertThat(recorder.completed).containsExactly(connect);
        assertThat(connect.failure()).isInstanceOf(CancelledException.class);
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void cancellingWithACauseGivesTheCauseToWhatIsBehind() {
        IOException cause = new IOException("too slow");
        ReadOp read = Bytes.read(1);
        WriteOp write = Bytes.write("a");
        lab.submit(key, connect);
        lab.submit(key, read);
        lab.submit(key, write);
        Lab.elsewhere(() -> key.cancel(connect, cause));
        lab.settle();
        assertThat(recorder.completed).startsWith(connect).containsExactlyInAnyOrder(connect, read, write);
        assertThat(recorder.completed).allMatch(op -> op.failure() == cause);
    }

    @Test
    void closingWhileConnectingCancelsIt() {
        lab.submit(key, connect);
        lab.settle();
        lab.inLoop(key::close);
        lab.settle();
        assertThat(connect.failure()).isInstanceOf(CancelledException.class);
        assertThat(recorder.closed).isEqualTo(1);
    }

    @Test
    void connectingOnAClosedKeyIsDoneAndFailed() {
        lab.inLoop(key::close);
        assertThat(lab.submit(key, connect)).isEqualTo(Submission.DONE);
        assertThat(connect.failure()).isNotNull();
    }

    @Test
    void anotherThreadMayConnectAndWriteBehindIt() {
        port.output().takeAll().forever();
        port.connecting().wouldBlock().done();
        Lab.elsewhere(() -> {
            assertThat(key.submit(connect)).isEqualTo(Submission.PENDING);
            assertThat(key.submit(Bytes.write("abc"))).isEqualTo(Submission.PENDING);
        });
        lab.settle();
        assertThat(port.writtenText()).isEqualTo("abc");
    }

    @Test
    void anUnconnectedSocketHasNoInterest() {
        lab.settle();
        assertThat(port.interests()).isEmpty();
        assertThat(lab.demultiplexer().registrations()).isZero();
    }

    @Test
    void theCallbackOfAConnectMayWriteAndRead() {
        port.output().takeAll().forever();
        recorder.then((k, op) -> {
            if (op == connect) {
                k.submit(Bytes.write("hello"));
                k.submit(new ReadOp());
            }
        });
        lab.submit(key, connect);
        lab.settle();
        port.connecting().done();
        lab.settle();
        assertThat(port.writtenText()).isEqualTo(port.calls("finishConnect") > 0 ? "hello" : "");
    }
}
