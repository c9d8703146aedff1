package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.FaultCounts;
import io.github.ioqueue.testkit.sim.SeededChoices;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two datagram sockets on networks that lose, double and reorder by seeds: nothing else happens to a datagram. */
class SimulatedDatagramTest {

    private static final int SEEDS = 100;
    private static final int DATAGRAMS = 100;

    /** One run: numbered datagrams of random sizes, in turns of some, and their echoes. */
    private static final class Run {
        private final CompletionLedger ledger = new CompletionLedger();
        private final int[] echoes = new int[DATAGRAMS];
        private final int[] sizes = new int[DATAGRAMS];
        private final Random random;
        private final SimulatedNetwork network;
        private final IoQueue queue;
        private final ActiveDatagram client;
        private final SocketAddress server;
        private int next;
        private int refusals;
        private int writables;
        private int unanswered;
        private String wrong = "";

        Run(long seed, FastTrack track) throws IOException {
            random = new Random(seed);
            network = new SimulatedNetwork(new SeededChoices(seed));
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(network)
                    .nanoClock(network.clock())
                    .fastTrack(track)
                    .probe(ledger)
                    .errorHandler((q, key, error) -> wrong = error.toString())
                    .build());
            StreamConfig small = StreamConfig.defaults().withMaxQueued(3000, 8);
            ActiveDatagram echo = ActiveDatagram.open(queue, Rig.loopback(0), this::echoed, small);
            server = echo.localAddress();
            client = ActiveDatagram.open(queue, Rig.loopback(0), new Answers(), small);
        }

        private void echoed(ActiveDatagram socket, SocketAddress sender, ByteBuffer data) {
            if (socket.send(data, sender) != Sent.TAKEN) {
                unanswered++;
            }
        }

        private final class Answers implements DatagramHandler {
            @Override
            public void onDatagram(ActiveDatagram socket, SocketAddress sender, ByteBuffer data) {
                int number = data.remaining() < 4 ? -1 : data.getInt(0);
                if (number < 0 || number >= next || data.remaining() != sizes[number] || !sender.equals(server)) {
                    wrong = "never sent: " + number + " of " + data.remaining() + " bytes";
                    return;
                }
                for (int i = 4; i < data.remaining(); i++) {
                    wrong = data.get(i) == (byte) (number + i) ? wrong : "another byte in " + number;
                }
                echoes[number]++;
            }

            @Override
            public void onWritable(ActiveDatagram socket) {
                writables++;
            }
        }

        void go() {
            while (next < DATAGRAMS) {
                queue.execute(() -> {
                    boolean room = true;
                    for (int i = random.nextInt(12); i > 0 && room && next < DATAGRAMS; i--) {
                        room = sendNext();
                    }
                });
                queue.poll(TimeUnit.MILLISECONDS.toNanos(random.nextInt(5)));
            }
            long rest = network.clock().getAsLong() + TimeUnit.SECONDS.toNanos(10);
            while (network.clock().getAsLong() < rest) {
                queue.poll(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }

        private boolean sendNext() {
            int number = next;
            sizes[number] = 4 + random.nextInt(random.nextInt(10) == 0 ? 60_000 : 1000);
            ByteBuffer data = ByteBuffer.allocate(sizes[number]).putInt(0, number);
            for (int i = 4; i < sizes[number]; i++) {
                data.put(i, (byte) (number + i));
            }
            next++;
            if (client.send(data, server) == Sent.FULL) {
                next--;
                refusals++;
                return false;
            }
            return true;
        }

        void judge() {
            FaultCounts faults = network.faults();
            long missing = 0;
            long more = 0;
            for (int echo : echoes) {
                missing += echo == 0 ? 1 : 0;
                more += Math.max(0, echo - 1);
            }
            long lent = queue.isClosing() ? 0 : queue.buffers().lentBytes();
            queue.close();
            ledger.verify();
            assertThat(wrong).isEmpty();
            assertThat(lent).as("bytes of the pool that are out").isZero();
            assertThat(missing).isLessThanOrEqualTo(faults.of(Fault.LOST) + unanswered);
            assertThat(more).isLessThanOrEqualTo(3 * faults.of(Fault.TWICE));
            assertThat(writables).isLessThanOrEqualTo(refusals);
            assertThat(refusals == 0 || writables > 0)
                    .as("told that there is room")
                    .isTrue();
            assertThat(network.openSockets()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.activesock.Rig#tracks")
    void nothingElseHappensToADatagram(FastTrack track) throws Exception {
        FaultCounts all = new FaultCounts();
        int refusals = 0;
        for (long seed = World.SEED; seed < World.SEED + SEEDS; seed++) {
            Run run = new Run(seed, track);
            try {
                run.go();
                run.judge();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", " + run.network.faults(), e);
            }
            all.add(run.network.faults());
            refusals += run.refusals;
        }
        System.out.println("seed " + World.SEED + ", fast track " + track + ": " + all);
        assertThat(refusals).isPositive();
        for (Fault each : new Fault[] {Fault.LOST, Fault.TWICE, Fault.OVERTAKEN, Fault.BLOCKED_WRITE}) {
            assertThat(all.of(each)).as("%s", each).isPositive();
        }
    }
}
