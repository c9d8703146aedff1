package io.github.ioqueue.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Many simulations, each of a seed of its own, and all schedules of the small scopes. {@code ci/simulate.sh} chooses how
 * many and from which seed on.
 */
class SimulationTest {

    private static final long RUNS = Long.getLong("simulate.runs", 5_000);
    private static final long SEED = Long.getLong("simulate.seed", System.nanoTime());
    private static final int MOST_TOLD = 20;

    /** From here on every kind of fault is sure to have its turn. */
    private static final long ENOUGH_FOR_ALL = 100;

    @Test
    void noRunLosesOrRepeatsAnything() throws IOException {
        List<String> violations = new ArrayList<>();
        FaultCounts faults = new FaultCounts();
        try (ForeignThread other = new ForeignThread()) {
            for (long seed = SEED; seed < SEED + RUNS; seed++) {
                Simulation simulation = new Simulation(seed, other, Recipe.WHOLE);
                violations.addAll(simulation.run());
                faults.add(simulation.faults());
            }
        }
        for (Fault fault : Fault.values()) {
            if (faults.of(fault) == 0 && RUNS >= ENOUGH_FOR_ALL) {
                violations.add(fault + " never occurred");
            }
        }
        long schedules = Scopes.all().stream()
                .mapToLong(scope -> explored(scope, violations))
                .sum();
        report(violations, faults, schedules);
        assertThat(violations.stream().limit(MOST_TOLD)).isEmpty();
    }

    private static long explored(Scopes.Scope scope, List<String> violations) {
        try {
            return scope.explore();
        } catch (AssertionError e) {
            violations.add(scope + ", " + e.getMessage() + ": " + e.getCause());
            return 0;
        }
    }

    private static void report(List<String> violations, FaultCounts faults, long schedules) throws IOException {
        StringBuilder text = new StringBuilder("seeds from " + SEED + " on\nfaults: " + faults + "\n");
        violations.stream().limit(MOST_TOLD).forEach(v -> text.append(v).append('\n'));
        text.append("simulate: " + RUNS + " runs, " + violations.size() + " violations, " + schedules
                + " schedules explored\n");
        System.out.print(text);
        Files.writeString(Path.of("target", "simulate.txt"), text);
    }
}
