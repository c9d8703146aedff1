package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.testkit.Modes.World;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users of a reactor have stumbled over on streams, as scenarios. */
@EveryWorld
class StreamScenarioTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();

    StreamScenarioTest(World world, CompletionLedger ledger) {
        lab = Lab.in(world, ledger);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void fourPairsAreAcceptedTwiceOverEachWithBothAddressesAndThenAllIsQuiet() {
        IoSocket listener = Lab.here(() -> lab.queue.openListener().bind(Loopback.ANY_PORT));
        IoKey listening = Lab.here(() -> lab.queue.register(listener, recorder));
        for (int i = 0; i < 8; i++) {
            AcceptOp accept = new AcceptOp();
            ConnectOp connect = new ConnectOp(listener.localAddress());
            lab.submit(listening, accept);
            IoKey near = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
            lab.submit(near, connect);
            lab.until(() -> !accept.isPending() && !connect.isPending());
            assertThat(connect.failure()).isNull();
            IoKey far = Lab.here(() -> lab.queue.register(accept.accepted(), recorder));
            assertThat(portOf(far.socket().localAddress())).isEqualTo(portOf(listener.localAddress()));
            assertThat(far.socket().remoteAddress()).isEqualTo(near.socket().localAddress());
            expectEcho(near, far);
        }
        lab.expectSilence();
    }

    private static int portOf(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }

    private void expectEcho(IoKey near, IoKey far) {
        ReadOp read = Bytes.read(32);
        lab.submit(far, read);
        WriteOp write = Bytes.write("thirty-two bytes or less");
        lab.submit(near, write);
        lab.until(() -> !read.isPending() && !write.isPending());
        assertThat("thirty-two bytes or less").startsWith(Bytes.text(read)).isNotEmpty();
    }

    @Test
    void aConnectToNobodyFailsOnceAndThenAllIsQuiet() {
        SocketAddress nobody = freedAddress();
        IoKey key = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
        ConnectOp connect = new ConnectOp(nobody);
        lab.submit(key, connect);
        lab.until(() -> recorder.closed == 1);
        assertThat(connect.failure()).isNotNull();
        lab.expectSilence();
    }

    private SocketAddress freedAddress() {
        return Lab.here(() -> {
            try (IoSocket listener = lab.queue.openListener().bind(Loopback.ANY_PORT)) {
                return listener.localAddress();
            }
        });
    }

    @Test
    void aConnectionThatIsNeverAcceptedFailsWhenItsListenerCloses() {
        IoSocket listener = Lab.here(() -> lab.queue.openListener().bind(Loopback.ANY_PORT));
        IoKey listening = Lab.here(() -> lab.queue.register(listener, recorder));
        IoKey near = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
        ConnectOp connect = new ConnectOp(listener.localAddress());
        ReadOp read = Bytes.read(1);
        lab.submit(near, connect);
        lab.submit(near, read);
        lab.until(() -> !connect.isPending());
        lab.inLoop(listening::close);
        lab.until(() -> !read.isPending());
        assertThat(read.failure() != null || read.isEnd()).isTrue();
        lab.expectSilence();
    }

    @Test
    void aReadBehindAConnectIsServedWhenTheConnectionIsThere() {
        IoSocket listener = Lab.here(() -> lab.queue.openListener().bind(Loopback.ANY_PORT));
        IoKey listening = Lab.here(() -> lab.queue.register(listener, recorder));
        IoKey near = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
        AcceptOp accept = new AcceptOp();
        ReadOp read = Bytes.read(8);
        lab.submit(near, new ConnectOp(listener.localAddress()));
        lab.submit(near, read);
        lab.submit(listening, accept);
        lab.until(() -> !accept.isPending());
        IoKey far = Lab.here(() -> lab.queue.register(accept.accepted(), recorder));
        lab.submit(far, Bytes.write("x"));
        lab.until(() -> !read.isPending());
        assertThat(Bytes.text(read)).isEqualTo("x");
    }

    @Test
    void ofTwoPendingReadsTheCancelledOneIsToldAndTheOtherServed() {
        Loopback pair = new Loopback(lab);
        ReadOp first = Bytes.read(8);
        ReadOp second = Bytes.read(8);
        lab.submit(pair.far, first);
        lab.submit(pair.far, second);
        lab.inLoop(() -> pair.far.cancel(first));
        lab.submit(pair.near, Bytes.write("y"));
        lab.until(() -> !first.isPending() && !second.isPending());
        assertThat(first.failure()).isNotNull();
        assertThat(Bytes.text(second)).isEqualTo("y");
    }

    @Test
    void sixteenPendingReadsAreServedOnceEachInTheirOrder() {
        Loopback pair = new Loopback(lab);
        List<ReadOp> reads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            reads.add(Bytes.read(4));
            lab.submit(pair.far, reads.get(i));
        }
        for (int i = 0; i < 16; i++) {
            ReadOp next = reads.get(i);
            lab.submit(pair.near, new WriteOp(ByteBuffer.wrap(new byte[] {(byte) i})));
            lab.until(() -> !next.isPending());
            assertThat(next.count()).isEqualTo(1);
            assertThat(next.buffer().get(0)).isEqualTo((byte) i);
        }
        assertThat(pair.farRecorder.completed).isEqualTo(reads);
    }

    @Test
    void aResetIsToldOnceToTheReaderAndThenAllIsQuiet() {
        Loopback pair = new Loopback(lab);
        ReadOp read = Bytes.read(8);
        lab.submit(pair.far, read);
        pair.resetNear();
        lab.until(() -> !read.isPending());
        assertThat(read.failure()).isInstanceOf(ResetException.class);
        assertThat(pair.farRecorder.completed).containsExactly(read);
        lab.expectSilence();
    }

    @Test
    void aHalfClosedPeerThatResetsIsToldToTheWriter() {
        Loopback pair = new Loopback(lab);
        ReadOp read = Bytes.read(8);
        lab.submit(pair.far, read);
        lab.inLoop(pair.near::shutdownOutput);
        lab.until(() -> !read.isPending());
        assertThat(read.isEnd()).isTrue();
        pair.resetNear();
        lab.until(() -> pair.nearRecorder.closed == 1);
        WriteOp write = new WriteOp(ByteBuffer.allocate(64));
        for (int i = 0; i < 1000 && write.failure() == null; i++) {
            lab.submit(pair.far, new WriteOp(ByteBuffer.allocate(64)));
            lab.submit(pair.far, write);
            lab.until(() -> !write.isPending());
            write.buffer().clear();
        }
        assertThat(write.failure()).isInstanceOf(ResetException.class);
        lab.expectSilence();
    }

    @Test
    void aHundredPendingSendsHaveAHundredOutcomesWhenTheKeyCloses() {
        IoSocket near = Lab.here(lab.queue::openStream);
        Lab.here(() -> near.option(StandardSocketOptions.SO_SNDBUF, 1024));
        Loopback pair =
                new Loopback(lab, Lab.here(() -> lab.queue.openListener().bind(Loopback.ANY_PORT)), near);
        List<WriteOp> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            writes.add(new WriteOp(ByteBuffer.allocate(52_100)));
        }
        lab.inLoop(() -> {
            writes.forEach(pair.near::submit);
            pair.near.close();
        });
        lab.until(() -> pair.nearRecorder.closed == 1);
        assertThat(writes).noneMatch(WriteOp::isPending);
        assertThat(pair.nearRecorder.completed.size() + lab.ledger.immediate(OpKind.WRITE))
                .isEqualTo(100);
        assertThat(writes).anyMatch(write -> write.failure() != null);
    }

    @Test
    void sixHundredAndFortySocketsComeAndGoOnOneQueue() {
        for (int i = 0; i < 640; i++) {
            IoKey key = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
            lab.inLoop(key::close);
        }
        lab.until(() -> recorder.closed == 640);
        assertThat(lab.inLoop(lab.queue::dump).lines()).hasSize(1);
    }

    @Test
    void aKeyThatIsClosedRefusesWithoutHarm() {
        Loopback pair = new Loopback(lab);
        lab.inLoop(pair.near::close);
        lab.until(() -> pair.nearRecorder.closed == 1);
        WriteOp write = Bytes.write("late");
        lab.submit(pair.near, write);
        assertThat(write.failure()).isInstanceOf(ClosedException.class);
        lab.inLoop(pair.near::close);
        lab.expectSilence();
    }

    @Test
    void aSequenceOfNumbersThroughSmallBuffersAndSixteenOpsStaysInOrder() {
        IoSocket listener = Lab.here(() -> lab.queue.openListener());
        Lab.here(() -> listener.option(StandardSocketOptions.SO_RCVBUF, 2048).bind(Loopback.ANY_PORT));
        IoSocket near = Lab.here(lab.queue::openStream);
        Lab.here(() -> near.option(StandardSocketOptions.SO_SNDBUF, 2048));
        Loopback pair = new Loopback(lab, listener, near);
        NumberStream numbers = new NumberStream(pair, 32_768, 16);
        lab.inLoop(numbers::start);
        lab.until(numbers::isDone);
        assertThat(numbers.firstWrong()).isNegative();
    }

    @Test
    void thePeerOfAKeyThatClosesSeesTheEnd() {
        Loopback pair = new Loopback(lab);
        ReadOp read = Bytes.read(8);
        lab.submit(pair.far, read);
        lab.inLoop(pair.near::close);
        lab.until(() -> !read.isPending());
        assertThat(read.isEnd()).isTrue();
    }

    @Test
    void connectionsThatCameBeforeTheFirstAcceptAreAccepted() {
        IoSocket listener = Lab.here(() -> lab.queue.openListener().bind(Loopback.ANY_PORT));
        IoKey listening = Lab.here(() -> lab.queue.register(listener, recorder));
        List<ConnectOp> connects = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            IoKey near = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
            connects.add(new ConnectOp(listener.localAddress()));
            lab.submit(near, connects.get(i));
        }
        lab.until(() -> connects.stream().noneMatch(ConnectOp::isPending));
        for (int i = 0; i < 5; i++) {
            AcceptOp accept = new AcceptOp();
            lab.submit(listening, accept);
            lab.until(() -> !accept.isPending());
            Lab.here(() -> lab.queue.register(accept.accepted(), recorder));
        }
    }

    @Test
    void aSocketWhoseBindFailedBindsToAnotherPort() throws Exception {
        try (IoSocket taken = lab.queue.openListener().bind(Loopback.ANY_PORT);
                IoSocket listener = lab.queue.openListener()) {
            SocketAddress used = new InetSocketAddress(Loopback.ANY_PORT.getAddress(), portOf(taken.localAddress()));
            assertThatThrownBy(() -> listener.bind(used)).isInstanceOf(BindException.class);
            listener.bind(Loopback.ANY_PORT);
            assertThat(portOf(listener.localAddress())).isPositive();
        }
    }

    @Test
    void cancellingAnotherOpLeavesAConnectAlone() {
        IoSocket listener = Lab.here(() -> lab.queue.openListener().bind(Loopback.ANY_PORT));
        Lab.here(() -> lab.queue.register(listener, recorder));
        IoKey near = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
        ConnectOp connect = new ConnectOp(listener.localAddress());
        lab.inLoop(() -> {
            near.submit(connect);
            near.cancel(new WriteOp());
            near.cancel(new ConnectOp());
        });
        lab.until(() -> !connect.isPending());
        assertThat(connect.failure()).isNull();
    }

    @Test
    void twoThreadsThatCloseOneKeyCloseItOnce() {
        Loopback pair = new Loopback(lab);
        Lab.elsewhere(pair.near::close);
        Lab.elsewhere(pair.near::close);
        lab.until(() -> pair.nearRecorder.closed > 0);
        lab.expectSilence();
        assertThat(pair.nearRecorder.closed).isEqualTo(1);
    }

    @Test
    void aConnectThatTakesTooLongIsCancelledByATimerWithItsCause() {
        IoSocket listener = Lab.here(() -> lab.queue.openListener().bind(Loopback.ANY_PORT, 1));
        Lab.here(() -> lab.queue.register(listener, recorder));
        List<ConnectOp> connects = new ArrayList<>();
        DeadlineException tooLong = new DeadlineException("not connected within 20 ms");
        for (int i = 0; i < 8; i++) { // more than the listener lets wait
            IoKey near = Lab.here(() -> lab.queue.register(lab.queue.openStream(), recorder));
            ConnectOp connect = new ConnectOp(listener.localAddress());
            connects.add(connect);
            lab.submit(near, connect);
            lab.inLoop(
                    () -> lab.queue.schedule(TimeUnit.MILLISECONDS.toNanos(20), () -> near.cancel(connect, tooLong)));
        }
        lab.until(() -> connects.stream().noneMatch(ConnectOp::isPending));
        assertThat(connects).anyMatch(connect -> connect.failure() == tooLong);
        assertThat(connects).allMatch(connect -> connect.failure() == tooLong || connect.failure() == null);
    }
}
