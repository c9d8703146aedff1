package io.github.ioqueue.testkit.sim;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.stream.Collectors;

/** How often each fault has occurred. */
public final class FaultCounts {

    private final EnumMap<Fault, Long> counts = new EnumMap<>(Fault.class);

    /** Creates counts of zero. */
    public FaultCounts() {}

    /** How often this one has. */
    public long of(Fault fault) {
        return counts.getOrDefault(fault, 0L);
    }

    void add(Fault fault) {
        counts.merge(fault, 1L, Long::sum);
    }

    /** Adds those of another run. */
    public void add(FaultCounts other) {
        other.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
    }

    /** The histogram, in one line. */
    @Override
    public String toString() {
        return Arrays.stream(Fault.values())
                .map(fault -> fault + " " + of(fault))
                .collect(Collectors.joining(", "));
    }
}
