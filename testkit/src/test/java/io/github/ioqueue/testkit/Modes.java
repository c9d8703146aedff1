package io.github.ioqueue.testkit;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.nio.NioBackend;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.SeededChoices;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.nio.channels.spi.SelectorProvider;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The ways in which every test runs; the name of a failed one says all that is needed to repeat it. */
final class Modes {

    private static final long SEED =
            Long.getLong("ioqueue.seed", ThreadLocalRandom.current().nextInt());

    private Modes() {}

    /** A fast track and a real backend. */
    record Mode(FastTrack track, IoBackend backend) {}

    /** A fast track and a backend, real or simulated, that is opened anew for each test. */
    record World(FastTrack track, String backend, Supplier<IoBackend> opening) {
        @Override
        public String toString() {
            return backend + ", fast track " + track;
        }
    }

    /** Faults that change what comes of a scenario, not only how. */
    private static final Set<Fault> HARMFUL =
            EnumSet.of(Fault.RESET, Fault.REFUSED, Fault.NO_DESCRIPTOR, Fault.LOST, Fault.TWICE, Fault.OVERTAKEN);

    static Stream<World> worlds() {
        Stream<World> real = real().map(mode -> new World(mode.track, String.valueOf(mode.backend), mode::backend));
        Stream<World> simulated = tracks().map(track -> new World(
                track, "simulated, seed " + SEED, () -> new SimulatedNetwork(new SeededChoices(SEED, HARMFUL))));
        return Stream.concat(real, simulated);
    }

    static Stream<FastTrack> tracks() {
        return Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(SEED));
    }

    static Stream<Mode> real() {
        return backends().flatMap(backend -> tracks().map(track -> new Mode(track, backend)));
    }

    static Stream<IoBackend> backends() {
        return Stream.concat(Stream.of(IoBackend.system()), poll()).map(OutputWatch::of);
    }

    /** The JDK's poll selector, where it has one. */
    private static Stream<IoBackend> poll() {
        try {
            Class<?> provider = Class.forName("sun.nio.ch.PollSelectorProvider");
            return Stream.of(
                    new NioBackend((SelectorProvider) provider.getConstructor().newInstance()));
        } catch (ClassNotFoundException elsewhere) {
            return Stream.empty();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("sun.nio.ch is not exported to the tests", e);
        }
    }
}
