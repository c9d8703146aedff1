package io.github.ioqueue.testkit.ssl.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A TLS socket over engines that do anything. {@code -Dhostile.runs} says how many of each kind, {@code -Dhostile.seed} from
 * which seed on.
 */
class HostileEngineTest {

    private static final long RUNS = Long.getLong("hostile.runs", 1_500);
    private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
    private static final long MANY = 10_000;
    private static final int MOST_TOLD = 20;

    /** From here on every kind is sure to have its turn. */
    private static final long ENOUGH_FOR_ALL = 1_000;

    @Test
    void anEngineThatIsOnlyOddLosesNothing() {
        Set<Misbehaviour> kinds = EnumSet.copyOf(Misbehaviour.legal());
        kinds.remove(Misbehaviour.NO_ALERT); // such an engine gives no reason to fail it
        many(true, RUNS, kinds);
    }

    @Test
    void anEngineThatDoesAnythingEndsItsOwnSocketAndNothingElse() {
        Set<Misbehaviour> kinds = EnumSet.copyOf(Misbehaviour.illegal());
        kinds.remove(Misbehaviour.DATA_AFTER_END); // our socket does not ask: see HostileRun
        kinds.remove(Misbehaviour.THROW_FAIL); // nor does it call fail yet
        many(false, RUNS, kinds);
    }

    @Tag("slow")
    @Test
    void tenThousandSeedsOfEach() {
        many(true, MANY, Misbehaviour.legal());
        many(false, MANY, Set.of());
    }

    private static void many(boolean legal, long runs, Set<Misbehaviour> kinds) {
        MisbehaviourCounts counts = new MisbehaviourCounts();
        List<String> violations = new ArrayList<>();
        long steps = 0;
        for (long seed = SEED; seed < SEED + runs; seed++) {
            HostileRun run = new HostileRun(seed, legal);
            violations.addAll(run.run());
            counts.add(run.counts());
            steps += run.steps();
        }
        System.out.println("hostile: " + (legal ? "legal" : "any") + ", " + runs + " runs from -Dhostile.seed=" + SEED
                + " on, " + steps + " steps, " + violations.size() + " violations; " + counts);
        assertThat(violations.stream().limit(MOST_TOLD)).isEmpty();
        if (runs >= ENOUGH_FOR_ALL) {
            assertThat(counts.missing(kinds)).isEmpty();
        }
    }
}
