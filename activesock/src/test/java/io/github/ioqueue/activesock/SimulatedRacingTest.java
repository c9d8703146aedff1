package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.Resolver;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.Choices;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.SeededChoices;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Races of addresses that answer late, refuse or are reset, by seeds, in virtual time: one winner or all told, none left. */
class SimulatedRacingTest {

    private static final int SEEDS = 300;
    private static final int PORT = 443;

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** One race. */
    private static final class Race {
        private final CompletionLedger ledger = new CompletionLedger();
        private final List<Throwable> thrown = new ArrayList<>();
        private final Recorder client = new Recorder();
        private final SimulatedNetwork network;
        private final IoQueue queue;
        private final int addresses;
        private int listening;

        Race(long seed, FastTrack track) throws IOException {
            Random random = new Random(seed);
            Choices choices = new SeededChoices(seed, EnumSet.of(Fault.NO_DESCRIPTOR));
            network = new SimulatedNetwork(choices);
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(network)
                    .nanoClock(network.clock())
                    .fastTrack(track)
                    .probe(ledger)
                    .errorHandler((q, key, error) -> thrown.add(error))
                    .build());
            addresses = 1 + random.nextInt(5);
            List<ActiveListener> listeners = new ArrayList<>();
            for (int i = 0; i < addresses; i++) {
                if (random.nextBoolean()) {
                    listening++;
                    listeners.add(
                            Listener.on(new InetSocketAddress(address(i), PORT)).open(queue, socket -> new Recorder()));
                }
            }
            Resolver resolver = (host, on, answer) -> on.execute(() -> answer.onResolved(
                    IntStream.range(0, addresses).mapToObj(Race::numbered).collect(Collectors.toList()), null));
            client.open = StreamSocket::close;
            Connector.to("name", PORT)
                    .resolver(resolver)
                    .attemptDelay(List.of(Duration.ZERO, Duration.ofMillis(10), Duration.ofMillis(250))
                            .get(random.nextInt(3)))
                    .deadline(Duration.ofMillis(1 + random.nextInt(1000)))
                    .open(queue, client);
            poll();
            listeners.forEach(ActiveListener::close);
        }

        private static InetAddress numbered(int number) {
            return address(number);
        }

        private void poll() {
            for (int round = 0; !client.closed(); round++) {
                assertThat(round).isLessThan(100_000);
                queue.poll(TimeUnit.SECONDS.toNanos(1));
            }
            queue.poll(0);
        }

        void judge() {
            for (int i = 0; i < 20; i++) {
                queue.poll(TimeUnit.SECONDS.toNanos(30)); // the accepted ends have theirs, too
            }
            int open = queue.openKeys();
            queue.close();
            ledger.verify();
            assertThat(thrown).isEmpty();
            assertThat(open).as("keys that are left").isZero();
            assertThat(network.openSockets()).as("sockets that are left").isZero();
            assertThat(client.closedCount).isEqualTo(1);
            assertThat(client.late).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.activesock.Rig#tracks")
    void oneWinsOrAllAreToldAndNoSocketIsLeft(FastTrack track) throws Exception {
        int won = 0;
        int timedOut = 0;
        int failed = 0;
        int races = 0;
        // each outcome must be seen; the rarest may ask for more races than SEEDS
        while (races < SEEDS || (races < 10 * SEEDS && Math.min(won, Math.min(timedOut, failed)) == 0)) {
            long seed = World.SEED + races++;
            Race race = new Race(seed, track);
            try {
                race.judge();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + race.client, e);
            }
            CloseReason.Kind kind = race.client.kind();
            won += race.client.opened ? 1 : 0;
            if (!race.client.opened) {
                timedOut += kind == CloseReason.Kind.TIMED_OUT ? 1 : 0;
                failed += kind == CloseReason.Kind.FAILED || kind == CloseReason.Kind.RESET ? 1 : 0;
                assertThat(kind).as("seed %d", seed).isNotEqualTo(CloseReason.Kind.LOCAL);
            }
            if (race.client.opened) {
                assertThat(race.listening).as("seed %d", seed).isPositive();
            }
        }
        System.out.println(won + " won, " + timedOut + " timed out, " + failed + " failed");
        assertThat(List.of(won, timedOut, failed)).allMatch(count -> count > 0);
    }
}
