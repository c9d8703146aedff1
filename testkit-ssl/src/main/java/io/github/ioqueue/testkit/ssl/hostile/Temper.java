package io.github.ioqueue.testkit.ssl.hostile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * When an engine misbehaves, by a seed; the same seed makes the same engine. Each has legal habits of its own: some never
 * occur, some now and then, some nearly all the time. Of what is illegal one kind or two occur, and rarely, for what one
 * ends the others would never have had their turn.
 */
public final class Temper {

    private static final int[] HABITS = {0, 0, 2, 5, 20};
    private static final int[] CRIMES = {2, 10, 40};

    /** What there are few chances for is done at the first or second. */
    private static final int[] CHANCES = {1, 2};

    private static final Set<Misbehaviour> SELDOM = EnumSet.of(
            Misbehaviour.THROW_MEMORY,
            Misbehaviour.THROW_SESSION,
            Misbehaviour.NULL_SESSION,
            Misbehaviour.THROW_TAKE_TASK,
            Misbehaviour.THROW_TASK,
            Misbehaviour.THROW_CLOSE_NOTIFY,
            Misbehaviour.THROW_FAIL,
            Misbehaviour.THROW_REKEY,
            Misbehaviour.THROW_CLOSE,
            Misbehaviour.END_TAKEN_BACK);

    private final long seed;
    private final Random random;
    private final EnumMap<Misbehaviour, Integer> oneIn = new EnumMap<>(Misbehaviour.class);
    private final MisbehaviourCounts counts = new MisbehaviourCounts();

    private Temper(long seed, boolean hostile) {
        this.seed = seed;
        random = new Random(seed ^ 0x5DEECE66DL);
        for (Misbehaviour kind : Misbehaviour.legal()) {
            oneIn.put(kind, HABITS[random.nextInt(HABITS.length)]);
        }
        if (hostile) {
            List<Misbehaviour> crimes = new ArrayList<>(Misbehaviour.illegal());
            Collections.shuffle(crimes, random);
            for (Misbehaviour kind : crimes.subList(0, 1 + random.nextInt(2))) {
                int[] rates = SELDOM.contains(kind) ? CHANCES : CRIMES;
                oneIn.put(kind, rates[random.nextInt(rates.length)]);
            }
        }
    }

    /** Nothing but what the contract of an engine allows. */
    public static Temper legal(long seed) {
        return new Temper(seed, false);
    }

    /** Anything. */
    public static Temper hostile(long seed) {
        return new Temper(seed, true);
    }

    /** Whether this happens now; it is counted. */
    public boolean does(Misbehaviour kind) {
        int rate = oneIn.getOrDefault(kind, 0);
        if (rate == 0 || random.nextInt(rate) != 0) {
            return false;
        }
        counts.add(kind);
        return true;
    }

    /** A number from 0 to below this one. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** What has happened so far. */
    public MisbehaviourCounts counts() {
        return counts;
    }

    /** The seed, and what it is up to. */
    @Override
    public String toString() {
        return "seed " + seed + ", one in " + oneIn;
    }
}
