package io.github.ioqueue.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** One counter per kind of op. Any thread. */
final class KindCounts {

    private final Map<OpKind, LongAdder> counts = new EnumMap<>(OpKind.class);

    KindCounts() {
        for (OpKind kind : OpKind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    void add(OpKind kind) {
        adder(kind).increment();
    }

    long of(OpKind kind) {
        return adder(kind).sum();
    }

    long sum() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private LongAdder adder(OpKind kind) {
        return Objects.requireNonNull(counts.get(kind));
    }
}
