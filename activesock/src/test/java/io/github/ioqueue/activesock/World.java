package io.github.ioqueue.activesock;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.SeededChoices;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a test runs: with the fast track on, off or random, on real sockets or on a simulated network whose reads
 * and writes are short by a seed. Its name says all that is needed to run it again.
 *
 * @param seed of the simulated network; null for real sockets
 */
record World(FastTrack track, @Nullable Long seed) {

    static final long SEED = Long.getLong("test.seed", System.nanoTime());
    private static final int SEEDS = Integer.getInteger("test.seeds", 3);

    /** Faults that change what comes of a scenario, not only how. */
    private static final Set<Fault> HARMFUL =
            EnumSet.of(Fault.RESET, Fault.REFUSED, Fault.NO_DESCRIPTOR, Fault.LOST, Fault.TWICE, Fault.OVERTAKEN);

    /** Real sockets and some simulated networks, each with every fast track. */
    static Stream<World> all() {
        return Stream.concat(real(), simulated());
    }

    static Stream<World> real() {
        return tracks().map(track -> new World(track, null));
    }

    static Stream<World> simulated() {
        return LongStream.range(SEED, SEED + SEEDS)
                .boxed()
                .flatMap(seed -> tracks().map(track -> new World(track, seed)));
    }

    static Stream<FastTrack> tracks() {
        return Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(SEED));
    }

    boolean isSimulated() {
        return seed != null;
    }

    /** A new one. */
    IoBackend backend() {
        if (seed == null) {
            return IoBackend.system();
        }
        SimulatedNetwork network = new SimulatedNetwork(new SeededChoices(seed, HARMFUL));
        network.capacity(1000 + new Random(seed).nextInt(20_000));
        return network;
    }

    @Override
    public String toString() {
        return (seed == null ? "real" : "simulated, seed " + seed) + ", fast track " + track;
    }
}
