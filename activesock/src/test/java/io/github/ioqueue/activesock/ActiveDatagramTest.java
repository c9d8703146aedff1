package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActiveDatagramTest {

    private static final String WORLDS = "io.github.ioqueue.activesock.World#all";

    private static final class Listening implements DatagramHandler {
        final List<byte[]> in = new ArrayList<>();
        final List<IOException> failures = new ArrayList<>();
        final List<String> late = new ArrayList<>();
        boolean echoes;
        int writables;
        int closed;

        @Override
        public void onDatagram(ActiveDatagram socket, SocketAddress sender, ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            in.add(bytes);
            if (echoes) {
                socket.send(ByteBuffer.wrap(bytes), sender);
            }
            if (closed > 0) {
                late.add("onDatagram");
            }
        }

        @Override
        public void onWritable(ActiveDatagram socket) {
            writables++;
            if (closed > 0) {
                late.add("onWritable");
            }
        }

        @Override
        public void onFailure(ActiveDatagram socket, IOException failure) {
            failures.add(failure);
            if (closed > 0) {
                late.add("onFailure");
            }
        }

        @Override
        public void onClosed(ActiveDatagram socket) {
            closed++;
        }
    }

    private static SocketAddress address(ActiveDatagram socket) {
        return Objects.requireNonNull(socket.localAddress());
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void datagramsOfEverySizeComeBackWholeTheEmptyOneToo(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Listening server = new Listening();
            server.echoes = true;
            Listening client = new Listening();
            ActiveDatagram to = ActiveDatagram.open(rig.queue, Rig.loopback(0), server);
            ActiveDatagram from = ActiveDatagram.open(rig.queue, Rig.loopback(0), client);
            int n = 0;
            for (int size : new int[] {0, 1, 512, 1500, 9000, 65_507}) {
                n++;
                int expected = n;
                ByteBuffer src = Bytes.heap(0, size);
                if (n % 2 == 0) {
                    assertThat(from.send(src, address(to))).isEqualTo(Sent.TAKEN); // off the loop
                } else {
                    rig.run(() -> assertThat(from.send(src, address(to))).isEqualTo(Sent.TAKEN));
                }
                rig.until("the echo of " + size + " came", () -> client.in.size() == expected);
                assertThat(client.in.get(n - 1)).isEqualTo(Bytes.array(size));
            }
            from.close();
            to.close();
            rig.until("both are closed", () -> client.closed == 1 && server.closed == 1);
            assertThat(client.failures).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void aDatagramTooLargeIsAFailureAndTheSocketGoesOn(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Listening both = new Listening();
            ActiveDatagram socket = ActiveDatagram.open(rig.queue, Rig.loopback(0), both);
            rig.run(() -> socket.send(ByteBuffer.allocate(70_000), address(socket)));
            rig.until("it is told", () -> !both.failures.isEmpty());
            rig.run(() -> socket.send(Bytes.heap(0, 5), address(socket)));
            rig.until("the next arrives", () -> !both.in.isEmpty());
            assertThat(both.closed).isZero();
            socket.close();
        }
    }

    @Test
    void aFloodIsRefusedAsFullAndThenToldOnce() throws Exception {
        try (Rig rig = new Rig(FastTrack.OFF)) {
            Listening both = new Listening();
            StreamConfig small = StreamConfig.defaults().withMaxQueued(5000, 100);
            ActiveDatagram socket = ActiveDatagram.open(rig.queue, Rig.loopback(0), both, small);
            // With the fast track off nothing goes at once, so that the sixth finds five of them queued.
            for (int i = 0; i < 5; i++) {
                assertThat(socket.send(Bytes.heap(0, 1000), address(socket))).isEqualTo(Sent.TAKEN);
            }
            ByteBuffer refused = Bytes.heap(0, 1000);
            assertThat(socket.send(refused, address(socket))).isEqualTo(Sent.FULL);
            assertThat(refused.remaining()).isEqualTo(1000);
            rig.until("there is room", () -> both.writables > 0);
            rig.rounds(5);
            assertThat(both.writables).isEqualTo(1);
            assertThat(both.in).hasSize(5);
            socket.close();
        }
    }

    @Test
    void nothingIsToldBehindOnClosed() throws Exception {
        try (Rig rig = new Rig(FastTrack.OFF)) {
            Listening both = new Listening();
            StreamConfig small = StreamConfig.defaults().withMaxQueued(2000, 100);
            ActiveDatagram socket = ActiveDatagram.open(rig.queue, Rig.loopback(0), both, small);
            SocketAddress self = address(socket);
            assertThat(socket.send(Bytes.heap(0, 1500), self)).isEqualTo(Sent.TAKEN);
            assertThat(socket.send(Bytes.heap(0, 1500), self)).isEqualTo(Sent.FULL);
            socket.close();
            socket.close();
            rig.until("it is closed", () -> both.closed > 0);
            rig.rounds(5);
            assertThat(both.late).isEmpty();
            assertThat(both.closed).isEqualTo(1);
            assertThat(socket.send(Bytes.heap(0, 1), self)).isEqualTo(Sent.CLOSED);
            rig.queue.close();
            assertThat(socket.send(Bytes.heap(0, 1), self)).isEqualTo(Sent.CLOSED);
        }
    }
}
