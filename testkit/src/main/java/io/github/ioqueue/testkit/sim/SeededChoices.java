package io.github.ioqueue.testkit.sim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * Choices by a seed. Each seed has faults of its own: some never occur, some now and then, some all the time, for what
 * one fault hides another must not cover up.
 */
public final class SeededChoices implements Choices {

    private static final int[] ONE_IN = {0, 3, 10, 40};

    private final Random random;
    private final EnumMap<Fault, Integer> oneIn = new EnumMap<>(Fault.class);

    /** Creates the choices of this seed. */
    public SeededChoices(long seed) {
        this(seed, EnumSet.noneOf(Fault.class));
    }

    /** Creates the choices of this seed, with some faults that never occur. */
    public SeededChoices(long seed, Set<Fault> never) {
        random = new Random(seed);
        for (Fault fault : Fault.values()) {
            int rate = ONE_IN[random.nextInt(ONE_IN.length)];
            oneIn.put(fault, never.contains(fault) ? 0 : rate);
        }
    }

    @Override
    public int choose(Fault fault, int outcomes) {
        int rate = oneIn.getOrDefault(fault, 0);
        return outcomes < 2 || rate == 0 || random.nextInt(rate) != 0 ? 0 : 1 + random.nextInt(outcomes - 1);
    }
}
