package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.SendOp;
import io.github.ioqueue.Submission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams: each stands for itself. */
@EveryTrack
class DatagramTest {

    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);

    private final Lab lab;
    private final List<String> lent = new ArrayList<>();
    private final Recorder recorder = new Recorder().then((k, op) -> {
        if (op instanceof ReceiveOp receive && receive.isLending() && receive.failure() == null) {
            lent.add(Bytes.text(receive.buffer()));
        }
    });
    private final ScriptedDatagramPort port = new ScriptedDatagramPort();
    private final IoKey key;

    DatagramTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
        key = lab.register(port, recorder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static ReceiveOp receive(int room) {
        return new ReceiveOp(ByteBuffer.allocate(room));
    }

    @Test
    void aDatagramIsReceivedWithItsSender() {
        ReceiveOp receive = receive(10);
        port.input().datagram(PEER, new byte[] {'a', 'b'});
        lab.submit(key, receive);
        lab.settle();
        assertThat(receive.count()).isEqualTo(2);
        assertThat(receive.sender()).isEqualTo(PEER);
        assertThat(receive.isTruncated()).isFalse();
        assertThat(Bytes.text(receive)).isEqualTo("ab");
    }

    @Test
    void anEmptyDatagramIsReceived() {
        ReceiveOp receive = receive(10);
        lab.submit(key, receive);
        lab.settle();
        assertThat(receive.isPending()).isTrue();
        port.input().datagram(PEER, new byte[0]);
        lab.settle();
        assertThat(recorder.completed).containsExactly(receive);
        assertThat(receive.count()).isZero();
        assertThat(receive.isEnd()).isFalse();
        assertThat(receive.sender()).isEqualTo(PEER);
    }

    @Test
    void truncationIsTold() {
        ReceiveOp receive = receive(4);
        port.input().datagram(PEER, Bytes.pattern(9));
        lab.submit(key, receive);
        lab.settle();
        assertThat(receive.isTruncated()).isTrue();
        assertThat(receive.count()).isEqualTo(9);
        assertThat(receive.buffer().position()).isEqualTo(4);
    }

    @Test
    void aReceiveMayBeLent() {
        lab.submit(key, new ReceiveOp());
        port.input().datagram(PEER, new byte[] {'a', 'b'});
        lab.settle();
        assertThat(lent).containsExactly("ab");
    }

    @Test
    void usedAgainAReceiveForgetsItsLastSender() {
        ReceiveOp receive = receive(10);
        port.input().datagram(PEER, new byte[] {'a'});
        lab.submit(key, receive);
        lab.settle();
        lab.submit(key, receive);
        assertThat(receive.sender()).isNull();
        assertThat(receive.isTruncated()).isFalse();
    }

    @Test
    void aDatagramIsSentToItsReceiver() {
        SendOp send = new SendOp(Bytes.of("abc"), PEER);
        port.output().takeAll();
        lab.submit(key, send);
        lab.settle();
        assertThat(port.sent()).containsExactly(Bytes.of("abc").array());
        assertThat(port.receivers()).containsExactly(PEER);
        assertThat(send.count()).isEqualTo(3);
    }

    @Test
    void anEmptyDatagramIsSent() {
        SendOp send = new SendOp(ByteBuffer.allocate(0), PEER);
        lab.submit(key, send);
        lab.settle();
        assertThat(send.isPending()).isTrue();
        port.output().takeAll();
        lab.settle();
        assertThat(port.sent()).hasSize(1);
        assertThat(port.sent().get(0)).isEmpty();
        assertThat(send.isPending()).isFalse();
    }

    @Test
    void queuedDatagramsAreSentOneByOneInTheirOrder() {
        for (String text : List.of("a", "bb", "ccc")) {
            lab.submit(key, new SendOp(Bytes.of(text), PEER));
        }
        port.output().takeAll().forever();
        lab.settle();
        assertThat(port.sent()).extracting(bytes -> bytes.length).containsExactly(1, 2, 3);
    }

    @Test
    void aFailedSendLeavesTheNextAlone() {
        IOException failure = new IOException("Message too long");
        SendOp first = new SendOp(Bytes.of("a"), PEER);
        SendOp second = new SendOp(Bytes.of("b"), PEER);
        lab.submit(key, first);
        lab.submit(key, second);
        port.output().fail(failure).takeAll();
        lab.settle();
        assertThat(first.failure()).isSameAs(failure);
        assertThat(second.failure()).isNull();
        assertThat(port.sent()).hasSize(1);
    }

    @Test
    void aFailedReceiveLeavesTheNextAlone() {
        IOException failure = new IOException("Port unreachable");
        ReceiveOp first = receive(4);
        ReceiveOp second = receive(4);
        lab.submit(key, first);
        lab.submit(key, second);
        port.input().fail(failure).datagram(PEER, new byte[] {'a'});
        lab.settle();
        assertThat(first.failure()).isSameAs(failure);
        assertThat(Bytes.text(second)).isEqualTo("a");
    }

    @Test
    void manyReceivesAreServedInOneRound() {
        for (int i = 0; i < 4; i++) {
            ReceiveOp receive = receive(10);
            receive.alwaysAsync(true);
            lab.submit(key, receive);
            port.input().datagram(PEER, new byte[] {'a'});
        }
        lab.settle();
        assertThat(recorder.completed).hasSize(4);
    }

    @Test
    void aSendWithoutAResolvedReceiverIsMisuse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key.submit(new SendOp(Bytes.of("a"), InetSocketAddress.createUnresolved("h", 1))))
                .withMessageContaining("R1");
        assertThatIllegalArgumentException().isThrownBy(() -> key.submit(new SendOp()));
    }

    @Test
    void streamOpsDoNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> key.submit(Bytes.read(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> key.submit(Bytes.write("a")));
    }

    @Test
    void aPendingSendIsCancelled() {
        SendOp send = new SendOp(Bytes.of("abc"), PEER);
        assertThat(lab.submit(key, send)).isEqualTo(Submission.PENDING);
        lab.inLoop(() -> key.cancel(send));
        lab.settle();
        assertThat(recorder.completed).containsExactly(send);
        assertThat(send.failure()).isNotNull();
    }

    @Test
    void aReceiveWithATooLongPrefixIsMisuse() {
        ReceiveOp receive = new ReceiveOp();
        receive.lend(ByteBuffer.allocate(40_000));
        assertThatIllegalArgumentException().isThrownBy(() -> key.submit(receive));
    }
}
