package io.github.ioqueue.probe;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** One counter per kind of op. Any thread. */
public final class KindCounts {

    private final Map<OpKind, LongAdder> counts = new EnumMap<>(OpKind.class);

    /** Creates counters at zero. */
    public KindCounts() {
        for (OpKind kind : OpKind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    /** Counts one more. */
    public void add(OpKind kind) {
        adder(kind).increment();
    }

    /** How many of this kind. */
    public long of(OpKind kind) {
        return adder(kind).sum();
    }

    /** How many of all kinds. */
    public long sum() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private LongAdder adder(OpKind kind) {
        return Objects.requireNonNull(counts.get(kind));
    }
}
