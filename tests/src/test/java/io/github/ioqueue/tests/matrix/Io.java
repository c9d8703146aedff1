package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.nio.NioBackend;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.SeededChoices;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.nio.channels.spi.SelectorProvider;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ways of waiting for sockets. */
enum Io {
    /** The platform's best: epoll on Linux. */
    EPOLL {
        @Override
        IoBackend open(long seed) {
            return IoBackend.system();
        }
    },

    /** The JDK's poll selector, which the tests may reach into the JDK for. */
    POLL {
        @Override
        IoBackend open(long seed) {
            try {
                Class<?> provider = Class.forName("sun.nio.ch.PollSelectorProvider");
                return new NioBackend(
                        (SelectorProvider) provider.getConstructor().newInstance());
            } catch (ReflectiveOperationException e) {
                throw new UnsupportedOperationException("no poll selector here: " + e, e);
            }
        }

        @Override
        @Nullable String obstacle() {
            try {
                open(0);
                return null;
            } catch (UnsupportedOperationException e) {
                return e.getMessage();
            }
        }
    },

    /** A network in memory and virtual time that is choppy as its seed wants it, but harms nothing. */
    SIMULATED {
        @Override
        IoBackend open(long seed) {
            SimulatedNetwork network = new SimulatedNetwork(new SeededChoices(seed, HARMFUL));
            network.capacity(500 + new Random(seed).nextInt(20_000));
            return network;
        }
    };

    private static final Set<Fault> HARMFUL = EnumSet.of(Fault.RESET, Fault.REFUSED, Fault.NO_DESCRIPTOR);

    abstract IoBackend open(long seed);

    /** Why it is not to be had here; null if it is. */
    @Nullable String obstacle() {
        return null;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
