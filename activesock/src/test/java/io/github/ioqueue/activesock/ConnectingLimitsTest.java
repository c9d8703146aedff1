package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.Resolver;
import io.github.ioqueue.nio.NioBackend;
import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connecting from ports of the user's choice, and when the system has nothing left to connect with. */
class ConnectingLimitsTest {

    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private static Connector to(int port, InetAddress... addresses) {
        Resolver resolver = (String host, IoQueue queue, Resolver.Answer answer) ->
                queue.execute(() -> answer.onResolved(List.of(addresses), null));
        return Connector.to("name", port).resolver(resolver);
    }

    private static int localPort(Recorder of) {
        return ((InetSocketAddress) of.socket().localAddress()).getPort();
    }

    /** So many ports in a row, of which the first is taken by the answer. */
    private static ServerSocket takenWithFreeOnesBehind(int count) throws IOException {
        for (int port = 20_000; port < 30_000; port += count) {
            try {
                ServerSocket taken = new ServerSocket(port, 1, loopback(1));
                if (areFree(port + 1, count - 1)) {
                    return taken;
                }
                taken.close();
            } catch (BindException e) {
                // try others
            }
        }
        throw new AssertionError("no ports");
    }

    private static boolean areFree(int first, int count) throws IOException {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket probe = new ServerSocket(port, 1, loopback(1))) {
                assertThat(probe.isBound()).isTrue();
            } catch (BindException e) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void theFirstFreePortOfARangeIsTaken(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track);
                ServerSocket taken = takenWithFreeOnesBehind(3);
                ServerSocket server = new ServerSocket(0, 10, loopback(1))) {
            InetSocketAddress first = new InetSocketAddress(loopback(1), taken.getLocalPort());
            Recorder one = rig.recorder();
            Recorder two = rig.recorder();
            Recorder three = rig.recorder();
            for (Recorder each : List.of(one, two, three)) {
                Connector.to(server.getLocalSocketAddress()).from(first, 3).open(rig.queue, each);
                rig.until("it is open or refused", () -> each.opened || each.closed());
            }
            assertThat(localPort(one)).isEqualTo(first.getPort() + 1);
            assertThat(localPort(two)).isEqualTo(first.getPort() + 2);
            assertThat(three.opened).isFalse();
            assertThat(three.reason.cause()).hasCauseInstanceOf(BindException.class);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void fromOnePortTheAddressesAreTriedInTurnAndTheLastMayDo(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track);
                ServerSocket taken = takenWithFreeOnesBehind(2);
                ServerSocket server = new ServerSocket(0, 10, loopback(3))) {
            Recorder client = rig.recorder();
            int free = taken.getLocalPort() + 1;
            to(server.getLocalPort(), loopback(1), loopback(2), loopback(3))
                    .from(new InetSocketAddress(loopback(1), free))
                    .attemptDelay(Duration.ofMillis(10))
                    .open(rig.queue, client);
            rig.until("it is open or refused", () -> client.opened || client.closed());
            assertThat(client.opened).as("%s", client).isTrue();
            assertThat(localPort(client)).isEqualTo(free);
        }
    }

    @Test
    void aRangeIsOfPorts() {
        for (int[] range : new int[][] {{0, 1}, {1, 0}, {65_535, 2}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Connector.to("name", 7).from(new InetSocketAddress(range[0]), range[1]))
                    .withMessageContaining("65535");
        }
    }

    /** The system's, without descriptors for streams. */
    private static final class Exhausted implements IoBackend {
        private final IoBackend system = new NioBackend();

        @Override
        public String name() {
            return "nio";
        }

        @Override
        public Demultiplexer openDemultiplexer() throws IOException {
            return system.openDemultiplexer();
        }

        @Override
        public StreamPort openStream(ProtocolFamily family) throws IOException {
            throw new IOException("Too many open files");
        }

        @Override
        public ListenerPort openListener(ProtocolFamily family) throws IOException {
            return system.openListener(family);
        }

        @Override
        public DatagramPort openDatagram(ProtocolFamily family) throws IOException {
            return system.openDatagram(family);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void whenThereIsNoDescriptorLeftTheHandlerIsToldAllTheSame(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track, new Exhausted())) {
            Recorder client = rig.recorder();
            to(7, loopback(1), loopback(2)).open(rig.queue, client);
            rig.until("it is told", client::closed);
            assertThat(client.kind()).isEqualTo(CloseReason.Kind.FAILED);
            assertThat(client.reason.cause()).hasMessageContaining("Too many open files");
            assertThat(client.reason.cause().getSuppressed()).hasSize(1);
            assertThat(rig.errors).isEmpty();
        }
    }
}
