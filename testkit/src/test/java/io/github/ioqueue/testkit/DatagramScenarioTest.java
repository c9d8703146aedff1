package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.SendOp;
import io.github.ioqueue.testkit.Modes.World;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users of a reactor have stumbled over on datagram sockets, as scenarios. */
@EveryWorld
class DatagramScenarioTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();

    DatagramScenarioTest(World world, CompletionLedger ledger) {
        lab = Lab.in(world, ledger);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private IoKey bound(Recorder with) {
        return Lab.here(() -> {
            IoSocket socket = lab.queue.openDatagram();
            return lab.queue.register(socket.bind(Loopback.ANY_PORT), with);
        });
    }

    private static SocketAddress addressOf(IoKey key) {
        InetSocketAddress local = (InetSocketAddress) key.socket().localAddress();
        return new InetSocketAddress(Loopback.ANY_PORT.getAddress(), local.getPort());
    }

    private SendOp send(IoKey from, IoKey to, int bytes) {
        SendOp send = new SendOp(ByteBuffer.wrap(Bytes.pattern(bytes)), addressOf(to));
        lab.submit(from, send);
        lab.until(() -> !send.isPending());
        return send;
    }

    private static ReceiveOp receive(int room) {
        return new ReceiveOp(ByteBuffer.allocate(room));
    }

    @Test
    void aDatagramIsToldOnceAndThenAllIsQuiet() {
        Recorder at = new Recorder();
        IoKey to = bound(at);
        IoKey from = bound(recorder);
        ReceiveOp receive = receive(100);
        lab.submit(to, receive);
        SendOp sent = send(from, to, 32);
        lab.until(() -> !receive.isPending());
        assertThat(sent.failure()).isNull();
        assertThat(receive.count()).isEqualTo(32);
        assertThat(receive.buffer().flip()).isEqualTo(ByteBuffer.wrap(Bytes.pattern(32)));
        assertThat(receive.sender()).isEqualTo(addressOf(from));
        assertThat(at.completed).containsExactly(receive);
        lab.expectSilence();
    }

    @Test
    void emptyWholeAndCutDatagramsAreToldApart() {
        IoKey to = bound(recorder);
        IoKey from = bound(recorder);
        for (int size : new int[] {0, 1, 9, 10, 11, 1400}) {
            for (boolean lent : new boolean[] {false, true}) {
                ReceiveOp receive = receive(10);
                List<Integer> seen = new ArrayList<>();
                recorder.then((key, op) ->
                        seen.add(lent && op == receive ? receive.buffer().remaining() : -1));
                if (lent) {
                    receive.lend();
                }
                lab.submit(to, receive);
                send(from, to, size);
                lab.until(() -> !receive.isPending());
                assertThat(receive.failure()).isNull();
                assertThat(receive.count()).isEqualTo(size);
                assertThat(receive.isTruncated()).isEqualTo(!lent && size > 10);
                if (lent) {
                    assertThat(seen).contains(size);
                } else {
                    assertThat(receive.buffer().position()).isEqualTo(Math.min(size, 10));
                }
            }
        }
    }

    @Test
    void aReceiveThatIsClosedBeforeThePollIsCancelledAlthoughADatagramWaits() {
        IoKey to = bound(recorder);
        IoKey from = bound(recorder);
        ReceiveOp receive = receive(100);
        receive.alwaysAsync(true);
        SendOp send = new SendOp(ByteBuffer.allocate(10), addressOf(to));
        lab.inLoop(() -> {
            from.submit(send);
            to.submit(receive);
            to.close();
        });
        lab.until(() -> !receive.isPending() && !send.isPending());
        assertThat(receive.failure()).isNotNull();
        IoKey another = bound(recorder);
        ReceiveOp next = receive(100);
        lab.submit(another, next);
        send(from, another, 5);
        lab.until(() -> !next.isPending());
        assertThat(next.count()).isEqualTo(5);
    }

    @Test
    void sixtyFourReadySocketsAreAllServed() {
        List<IoKey> keys = new ArrayList<>();
        List<ReceiveOp> receives = new ArrayList<>();
        IoKey from = bound(recorder);
        for (int i = 0; i < 64; i++) {
            IoKey key = bound(recorder);
            keys.add(key);
            ReceiveOp receive = receive(100);
            receives.add(receive);
            lab.submit(key, receive);
        }
        lab.inLoop(() -> keys.forEach(key -> from.submit(new SendOp(ByteBuffer.allocate(7), addressOf(key)))));
        lab.until(() -> receives.stream().noneMatch(ReceiveOp::isPending));
        assertThat(receives).allMatch(receive -> receive.count() == 7);
        for (int i = keys.size() - 1; i >= 0; i--) {
            lab.inLoop(keys.get(i)::close);
        }
        lab.expectSilence();
    }

    @Test
    void sixtyThreeSocketsCloseWithTheirReceivesPending() {
        List<ReceiveOp> receives = new ArrayList<>();
        List<IoKey> keys = new ArrayList<>();
        IoKey from = bound(recorder);
        for (int i = 0; i < 63; i++) {
            keys.add(bound(recorder));
            receives.add(receive(100));
            lab.submit(keys.get(i), receives.get(i));
        }
        lab.inLoop(() -> {
            keys.forEach(key -> from.submit(new SendOp(Bytes.of("hello"), addressOf(key))));
            keys.forEach(IoKey::close);
        });
        lab.until(() -> recorder.closed == 63);
        assertThat(receives).noneMatch(ReceiveOp::isPending);
    }

    @Test
    void aPairThatBouncesMoreAndMoreIsClosedInItsOwnCallback() {
        Recorder bouncing = new Recorder();
        IoKey key = bound(bouncing);
        int[] seen = new int[1];
        bouncing.then((k, op) -> {
            if (op instanceof ReceiveOp && op.failure() == null && ++seen[0] < 40) {
                k.submit(new SendOp(ByteBuffer.allocate(1), addressOf(k)));
                k.submit(new SendOp(ByteBuffer.allocate(1), addressOf(k)));
                ReceiveOp again = receive(100);
                again.alwaysAsync(true);
                k.submit(again);
            } else if (seen[0] == 40) {
                k.close();
            }
        });
        ReceiveOp first = receive(100);
        first.alwaysAsync(true);
        lab.submit(key, first);
        lab.submit(key, new SendOp(ByteBuffer.allocate(1), addressOf(key)));
        lab.until(() -> bouncing.closed == 1);
        assertThat(seen[0]).isEqualTo(40);
        lab.expectSilence();
    }
}
