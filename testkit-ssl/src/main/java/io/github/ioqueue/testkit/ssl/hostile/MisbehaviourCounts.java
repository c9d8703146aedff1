package io.github.ioqueue.testkit.ssl.hostile;

import java.util.EnumMap;
import java.util.Set;
import java.util.stream.Collectors;

/** How often each kind has occurred. */
public final class MisbehaviourCounts {

    private final EnumMap<Misbehaviour, Long> counts = new EnumMap<>(Misbehaviour.class);

    /** Creates counts of zero. */
    public MisbehaviourCounts() {}

    /** How often this one has. */
    public long of(Misbehaviour kind) {
        return counts.getOrDefault(kind, 0L);
    }

    void add(Misbehaviour kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    /** Adds those of another run. */
    public void add(MisbehaviourCounts other) {
        other.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
    }

    /** Those of these kinds that never occurred. */
    public Set<Misbehaviour> missing(Set<Misbehaviour> kinds) {
        return kinds.stream().filter(kind -> of(kind) == 0).collect(Collectors.toSet());
    }

    /** The histogram of what occurred, in one line. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
