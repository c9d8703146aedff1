package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.ScriptedBackend;
import io.github.ioqueue.testkit.ScriptedDatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A datagram socket on a port that answers from a script: what it does and what it costs, call by call. */
@ParameterizedClass
@MethodSource("io.github.ioqueue.activesock.Rig#tracks")
class ScriptedDatagramTest {

    private static final SocketAddress SOMEBODY = Rig.loopback(1);

    private final CompletionLedger ledger = new CompletionLedger();
    private final ScriptedBackend scripted = new ScriptedBackend();
    private final ScriptedDatagramPort port = new ScriptedDatagramPort();
    private final List<Integer> sizes = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>();
    private final List<Long> failedAt = new ArrayList<>();
    private int writables;
    private final IoQueue queue;
    private ActiveDatagram socket;

    /** Opens the one port there is. */
    private final class OnePort implements IoBackend {
        @Override
        public String name() {
            return "one port";
        }

        @Override
        public Demultiplexer openDemultiplexer() {
            return scripted.openDemultiplexer();
        }

        @Override
        public StreamPort openStream(ProtocolFamily family) {
            return scripted.openStream(family);
        }

        @Override
        public ListenerPort openListener(ProtocolFamily family) {
            return scripted.openListener(family);
        }

        @Override
        public DatagramPort openDatagram(ProtocolFamily family) {
            return port;
        }
    }

    private final class Listening implements DatagramHandler {
        @Override
        public void onDatagram(ActiveDatagram from, SocketAddress sender, ByteBuffer data) {
            sizes.add(data.remaining());
        }

        @Override
        public void onWritable(ActiveDatagram from) {
            writables++;
        }

        @Override
        public void onFailure(ActiveDatagram from, IOException failure) {
            failures.add(failure);
            failedAt.add(TimeUnit.NANOSECONDS.toMillis(scripted.clock().getAsLong()));
        }
    }

    ScriptedDatagramTest(FastTrack track) throws IOException {
        queue = IoQueue.open(IoQueueConfig.builder()
                .backend(new OnePort())
                .nanoClock(scripted.clock())
                .fastTrack(track)
                .probe(ledger)
                .build());
    }

    @BeforeEach
    void open() throws IOException {
        socket = ActiveDatagram.open(
                queue, SOMEBODY, new Listening(), StreamConfig.defaults().withMaxQueued(1000, 10));
        rounds(3);
    }

    @AfterEach
    void close() {
        queue.close();
        ledger.verify();
        assertThat(queue.buffers().lentBytes()).isZero();
    }

    private void rounds(int n) {
        for (int i = 0; i < n; i++) {
            queue.poll(TimeUnit.SECONDS.toNanos(2));
        }
    }

    private List<Sent> sendInOneTurn(int n, int bytes) {
        List<Sent> answers = new ArrayList<>();
        queue.execute(() -> {
            for (int i = 0; i < n; i++) {
                answers.add(socket.send(ByteBuffer.allocate(bytes), SOMEBODY));
            }
        });
        while (answers.size() < n) {
            queue.poll(0);
        }
        return answers;
    }

    // ---- limits

    @Test
    void moreBytesThanAllowedAreRefused() {
        assertThat(sendInOneTurn(4, 400)).containsExactly(Sent.TAKEN, Sent.TAKEN, Sent.FULL, Sent.FULL);
        assertThat(socket.queuedBytes()).isEqualTo(800);
        assertThatItIsToldOnceThatThereIsRoom(2);
    }

    @Test
    void moreDatagramsThanAllowedAreRefusedEmptyOnesToo() {
        List<Sent> answers = sendInOneTurn(12, 0);
        assertThat(answers.subList(0, 10)).containsOnly(Sent.TAKEN);
        assertThat(answers.subList(10, 12)).containsOnly(Sent.FULL);
        assertThatItIsToldOnceThatThereIsRoom(10);
    }

    private void assertThatItIsToldOnceThatThereIsRoom(int sent) {
        port.output().takeAll().forever();
        rounds(5);
        assertThat(port.sent()).hasSize(sent);
        assertThat(writables).isEqualTo(1);
        assertThat(socket.queuedBytes()).isZero();
    }

    @Test
    void anUnresolvedReceiverIsMisuseAndCostsNoRoom() {
        SocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere", 1);
        for (int i = 0; i < 20; i++) {
            assertThatIllegalArgumentException().isThrownBy(() -> socket.send(ByteBuffer.allocate(900), unresolved));
        }
        assertThat(socket.queuedBytes()).isZero();
    }

    @Test
    void aClosedSocketSaysSoAlsoWhenItWasFull() {
        sendInOneTurn(3, 900);
        socket.close();
        ByteBuffer late = ByteBuffer.allocate(200);
        assertThat(socket.send(late, SOMEBODY)).isEqualTo(Sent.CLOSED);
        assertThat(late.remaining()).isEqualTo(200);
    }

    // ---- cost

    @Test
    void aTurnOfManySendsThatHaveToWaitCostsOneChangeOfInterestAndNoWakeup() {
        int before = port.interests().size();
        long wakeups = scripted.demultiplexer().wakeups();
        assertThat(sendInOneTurn(10, 10)).containsOnly(Sent.TAKEN);
        port.output().takeAll().times(10);
        rounds(5);
        assertThat(port.sent()).hasSize(10);
        assertThat(port.interests().size() - before).isLessThanOrEqualTo(2); // on, and off
        assertThat(scripted.demultiplexer().wakeups()).isEqualTo(wakeups);
    }

    // ---- receiving

    @Test
    void aDatagramThatDidNotFitIsToldAndNotPassedOffAsWhole() {
        port.input().datagram(SOMEBODY, new byte[70_000]).datagram(SOMEBODY, new byte[5]);
        rounds(5);
        assertThat(sizes).containsExactly(5);
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0)).hasMessageContaining("70000").hasMessageContaining("65536");
    }

    @Test
    void failuresInARowAreWaitedOutLongerAndLonger() {
        port.input().fail(new IOException("on purpose")).times(5).datagram(SOMEBODY, new byte[5]);
        rounds(30);
        assertThat(failures).hasSize(5);
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < failedAt.size(); i++) {
            pauses.add(failedAt.get(i) - failedAt.get(i - 1));
        }
        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L);
        assertThat(sizes).containsExactly(5);
    }
}
