package io.github.ioqueue.testkit.ssl.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A TLS socket over the adapter over {@code SSLEngine}s that do anything. */
class HostileJsseTest {

    private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
    private static final int MOST_TOLD = 20;

    @Test
    void anSslEngineThatDoesAnythingEndsItsOwnSocketAndNothingElse() throws IOException {
        many(60);
    }

    @Tag("slow")
    @Test
    void twoThousandSeeds() throws IOException {
        MisbehaviourCounts counts = many(2_000);
        assertThat(counts.of(Misbehaviour.TASKS_FOR_EVER)).isPositive();
        assertThat(counts.of(Misbehaviour.FALSE_FLUSH)).isPositive();
        assertThat(counts.of(Misbehaviour.NULL_TASK)).isPositive();
    }

    private static MisbehaviourCounts many(int runs) throws IOException {
        MisbehaviourCounts counts = new MisbehaviourCounts();
        List<String> violations = new ArrayList<>();
        for (long seed = SEED; seed < SEED + runs; seed++) {
            HostileJsseRun run = new HostileJsseRun(seed);
            violations.addAll(run.run());
            counts.add(run.counts());
        }
        System.out.println("hostile: SSLEngine, " + runs + " runs from -Dhostile.seed=" + SEED + " on, "
                + violations.size() + " violations; " + counts);
        assertThat(violations.stream().limit(MOST_TOLD)).isEmpty();
        return counts;
    }
}
