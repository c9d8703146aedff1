package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.Submission;
import io.github.ioqueue.spi.Demultiplexer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Accepting. */
@EveryTrack
class AcceptTest {

    private final Lab lab;
    private final List<IoSocket> accepted = new ArrayList<>();
    private final Recorder recorder = new Recorder().then((k, op) -> {
        if (op instanceof AcceptOp accept && accept.failure() == null) {
            accepted.add(accept.accepted());
        }
    });
    private final ScriptedListenerPort port = new ScriptedListenerPort();
    private final IoKey key;

    AcceptTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aConnectionThatWaitsIsAcceptedAtOnce() {
        lab.queue.fastTrack(FastTrack.ON);
        port.input().accept(ScriptedStreamPort.connected());
        AcceptOp accept = new AcceptOp();
        assertThat(lab.submit(key, accept)).isEqualTo(Submission.DONE);
        assertThat(accept.accepted()).isNotNull();
    }

    @Test
    void aConnectionThatComesLaterCompletesTheAccept() {
        lab.submit(key, new AcceptOp());
        lab.settle();
        assertThat(port.interests()).containsExactly(Demultiplexer.ACCEPT);
        port.input().accept(ScriptedStreamPort.connected());
        lab.settle();
        assertThat(accepted).hasSize(1);
    }

    @Test
    void anAcceptedSocketIsConnectedAndCanBeRegistered() {
        ScriptedStreamPort connection = ScriptedStreamPort.connected();
        connection.output().takeAll();
        recorder.then((k, op) -> {
            IoKey fresh = Lab.here(() -> lab.queue.register(((AcceptOp) op).accepted(), new Recorder()));
            fresh.submit(Bytes.write("hello"));
        });
        AcceptOp accept = new AcceptOp();
        accept.alwaysAsync(true);
        lab.submit(key, accept);
        port.input().accept(connection);
        lab.settle();
        assertThat(connection.writtenText()).isEqualTo("hello");
    }

    @Test
    void manyThatWaitAreAcceptedInOneRound() {
        for (int i = 0; i < 5; i++) {
            AcceptOp accept = new AcceptOp();
            accept.alwaysAsync(true);
            lab.submit(key, accept);
            port.input().accept(ScriptedStreamPort.connected());
        }
        lab.queue.poll(0);
        assertThat(accepted).hasSize(5);
    }

    @Test
    void aFailedAcceptLeavesTheListenerAndTheNextAcceptAlone() {
        IOException full = new IOException("Too many open files");
        AcceptOp first = new AcceptOp();
        AcceptOp second = new AcceptOp();
        lab.submit(key, first);
        lab.submit(key, second);
        port.input().fail(full).accept(ScriptedStreamPort.connected());
        lab.settle();
        assertThat(recorder.completed).containsExactly(first, second);
        assertThat(first.failure()).isSameAs(full);
        assertThatIllegalStateException().isThrownBy(first::accepted);
        assertThat(second.failure()).isNull();
        assertThat(key.isClosed()).isFalse();
    }

    @Test
    void aFalseAlarmLeavesItPending() {
        AcceptOp accept = new AcceptOp();
        lab.submit(key, accept);
        port.ready(Demultiplexer.ACCEPT);
        lab.settle();
        assertThat(accept.isPending()).isTrue();
    }

    @Test
    void anAcceptedSocketThatNobodyRegistersCanBeClosed() throws Exception {
        ScriptedStreamPort connection = ScriptedStreamPort.connected();
        port.input().accept(connection);
        AcceptOp accept = new AcceptOp();
        lab.submit(key, accept);
        lab.settle();
        accept.accepted().close();
        assertThat(connection.isClosed()).isTrue();
    }

    @Test
    void usedAgainAnAcceptForgetsItsLastConnection() {
        port.input().accept(ScriptedStreamPort.connected());
        AcceptOp accept = new AcceptOp();
        lab.submit(key, accept);
        lab.settle();
        lab.submit(key, accept);
        lab.settle();
        assertThat(accept.isPending()).isTrue();
        assertThatIllegalStateException().isThrownBy(accept::accepted);
    }
}
