package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.SeededChoices;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole stack, unchanged, on a simulated network: plain and by every TLS backend, a fresh seed each run. */
class SimulatedStackTest {

    private static final long SEED = Long.getLong("simulate.seed", System.nanoTime());
    private static final int MOST_ROUNDS = 500_000;
    private static final Set<Fault> HARMFUL = EnumSet.of(Fault.RESET, Fault.REFUSED, Fault.NO_DESCRIPTOR);
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 443);
    private static final TestAuthority AUTHORITY = TestAuthority.create();

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#noneAndBackends")
    void everyByteComesBackHoweverChoppyTheNetworkIs(String tls) throws Exception {
        for (long seed = SEED; seed < SEED + seeds(tls); seed++) {
            try (World world = new World(seed, HARMFUL, tls)) {
                for (EchoClient client : world.clients(2)) {
                    world.pollUntilEnd(client);
                    assertThat(client.awaitAll().kind()).as("seed %d", seed).isEqualTo(CloseReason.Kind.LOCAL);
                }
                world.pollUntilServerEnds(2);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#noneAndBackends")
    void everyConnectionEndsOnceHoweverHarmfulTheNetworkIs(String tls) throws Exception {
        for (long seed = SEED; seed < SEED + seeds(tls); seed++) {
            try (World world = new World(seed, EnumSet.noneOf(Fault.class), tls)) {
                for (EchoClient client : world.clients(3)) {
                    world.pollUntilEnd(client);
                    assertThat(client.awaitEnd()).as("seed %d", seed).isNotNull();
                }
                world.pollUntilServerEnds(0);
            }
        }
    }

    /** Handshakes cost real time, even here. */
    private static int seeds(String tls) {
        return tls.equals("none") ? 200 : 25;
    }

    /** One queue with an echo server on it. */
    private static final class World implements AutoCloseable {
        private final long seed;
        private final String tls;
        private final Random random;
        private final SimulatedNetwork network;
        private final CompletionLedger ledger = new CompletionLedger();
        private final List<Throwable> thrown = new ArrayList<>();
        private final IoQueue queue;
        private final ActiveListener listener;
        private int served;

        World(long seed, Set<Fault> never, String tls) throws IOException {
            this.seed = seed;
            this.tls = tls;
            random = new Random(seed);
            network = new SimulatedNetwork(new SeededChoices(seed, never));
            network.capacity(500 + random.nextInt(20_000));
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(network)
                    .nanoClock(network.clock())
                    .fastTrack(List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(seed))
                            .get(random.nextInt(3)))
                    .probe(ledger)
                    .errorHandler((q, key, error) -> thrown.add(error))
                    .build());
            listener = Listener.on(ADDRESS)
                    .through(layer(TlsConfig.builder().identity(AUTHORITY.identity("localhost"))))
                    .open(queue, socket -> new Echo());
        }

        private StreamLayer layer(TlsConfig.Builder config) throws IOException {
            return tls.equals("none") ? StreamLayer.NONE : TlsRig.layer(tls, config.build());
        }

        List<EchoClient> clients(int count) throws IOException {
            StreamLayer layer =
                    layer(TlsConfig.builder().trust(AUTHORITY.certificates()).serverName("localhost"));
            List<EchoClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                EchoClient client = new EchoClient(seed + i, 1 + random.nextInt(60_000), 1, 1000, 20_000);
                Connector.to(ADDRESS).through(layer).open(queue, client);
                clients.add(client);
            }
            return clients;
        }

        void pollUntilEnd(EchoClient client) {
            for (int round = 0; !client.hasEnded(); round++) {
                poll(round);
            }
        }

        /** Until so many connections have been served to their end, and none is open. */
        void pollUntilServerEnds(int count) {
            for (int round = 0; served < count || listener.openConnections() > 0; round++) {
                poll(round);
            }
        }

        private void poll(int round) {
            assertThat(round).as("rounds of seed %d: %s", seed, listener).isLessThan(MOST_ROUNDS);
            queue.poll(TimeUnit.SECONDS.toNanos(1));
        }

        @Override
        public void close() {
            listener.close();
            long[] lent = new long[1];
            queue.execute(() -> lent[0] = queue.buffers().lentBytes());
            queue.poll(0);
            queue.close();
            ledger.verify();
            assertThat(thrown).as("seed %d", seed).isEmpty();
            assertThat(lent[0])
                    .as("bytes of buffers that are out, seed %d", seed)
                    .isZero();
            assertThat(network.openSockets()).as("open sockets, seed %d", seed).isZero();
        }

        private final class Echo implements StreamHandler {
            @Override
            public void onData(StreamSocket socket, ByteBuffer in) {
                if (socket.send(in) == Sent.FULL) {
                    socket.pauseReading();
                }
            }

            @Override
            public void onWritable(StreamSocket socket) {
                socket.resumeReading();
            }

            @Override
            public void onClosed(StreamSocket socket, CloseReason why) {
                served++;
            }
        }
    }
}
