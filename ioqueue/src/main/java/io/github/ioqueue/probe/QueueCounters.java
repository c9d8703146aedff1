package io.github.ioqueue.probe;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WaitEnd;
import io.github.ioqueue.WriteOp;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Counts what queues do; one may serve a whole group. Any thread. */
public final class QueueCounters implements QueueProbe {

    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final EnumMap<WaitEnd, LongAdder> waits = new EnumMap<>(WaitEnd.class);
    private final LongAdder systemCalls = new LongAdder();
    private final LongAdder unfinishedCalls = new LongAdder();
    private final KindCounts submitted = new KindCounts();
    private final KindCounts immediate = new KindCounts();
    private final KindCounts pending = new KindCounts();
    private final KindCounts cancelled = new KindCounts();
    private final KindCounts failed = new KindCounts();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder callbacks = new LongAdder();
    private final LongAdder callbackNanos = new LongAdder();
    private final LongAccumulator longestCallback = new LongAccumulator(Math::max, 0);
    private final CallbackClock clock = new CallbackClock();

    /** Creates counters at zero. */
    public QueueCounters() {
        for (WaitEnd why : WaitEnd.values()) {
            waits.put(why, new LongAdder());
        }
    }

    /**
     * What has been counted; each number is exact, but they are not of one moment.
     *
     * @param openKeys keys that are registered and not closed
     * @param waits waits that have returned, by what ended them: {@code WOKEN} are the wake-ups by other threads, {@code
     *     EARLY} those that ended for nothing
     * @param systemCalls tries of ops; several writes in one call count once
     * @param unfinishedCalls those after which the op had to wait
     * @param immediate ops that were done in {@code submit}, failed ones included
     * @param pending ops that ended in a callback, failed ones included
     * @param inside ops that have been submitted and have no outcome
     * @param cancelled ops that ended as cancelled
     * @param failed ops that ended in another failure
     * @param bytesIn bytes read and received
     * @param bytesOut bytes written and sent
     * @param callbacks callbacks that have returned
     * @param callbackNanos the time they took
     * @param longestCallbackNanos the longest one
     */
    public record Snapshot(
            long openKeys,
            Map<WaitEnd, Long> waits,
            long systemCalls,
            long unfinishedCalls,
            Map<OpKind, Long> immediate,
            Map<OpKind, Long> pending,
            Map<OpKind, Long> inside,
            Map<OpKind, Long> cancelled,
            Map<OpKind, Long> failed,
            long bytesIn,
            long bytesOut,
            long callbacks,
            long callbackNanos,
            long longestCallbackNanos) {}

    /** The counters now. */
    public Snapshot snapshot() {
        return new Snapshot(
                opened.sum() - closed.sum(),
                byWaitEnd(),
                systemCalls.sum(),
                unfinishedCalls.sum(),
                byKind(immediate::of),
                byKind(pending::of),
                byKind(kind -> submitted.of(kind) - immediate.of(kind) - pending.of(kind)),
                byKind(cancelled::of),
                byKind(failed::of),
                bytesIn.sum(),
                bytesOut.sum(),
                callbacks.sum(),
                callbackNanos.sum(),
                longestCallback.get());
    }

    private Map<WaitEnd, Long> byWaitEnd() {
        Map<WaitEnd, Long> counts = new EnumMap<>(WaitEnd.class);
        waits.forEach((why, count) -> counts.put(why, count.sum()));
        return counts;
    }

    private static Map<OpKind, Long> byKind(ToLongFunction<OpKind> count) {
        Map<OpKind, Long> counts = new EnumMap<>(OpKind.class);
        for (OpKind kind : OpKind.values()) {
            counts.put(kind, count.applyAsLong(kind));
        }
        return counts;
    }

    // ---- the probe

    @Override
    public void registered(IoKey key) {
        opened.increment();
    }

    @Override
    public void submitted(IoKey key, IoOp op) {
        submitted.add(OpKind.of(op));
    }

    @Override
    public void attempted(IoKey key, IoOp op, boolean finished) {
        systemCalls.increment();
        if (!finished) {
            unfinishedCalls.increment();
        }
    }

    @Override
    public void completed(IoKey key, IoOp op, boolean inline) {
        OpKind kind = OpKind.of(op);
        (inline ? immediate : pending).add(kind);
        if (op.failure() != null) {
            (op.failure() instanceof CancelledException ? cancelled : failed).add(kind);
        }
        if (op instanceof WriteOp write) {
            bytesOut.add(write.count());
        } else if (op instanceof ReadOp read && read.count() > 0) {
            bytesIn.add(read.count());
        }
    }

    @Override
    public void callbackBegins(IoKey key, @Nullable IoOp op) {
        clock.begins();
    }

    @Override
    public void callbackEnds(IoKey key, @Nullable IoOp op) {
        long nanos = clock.ends();
        callbacks.increment();
        callbackNanos.add(nanos);
        longestCallback.accumulate(nanos);
    }

    @Override
    public void closed(IoKey key) {
        closed.increment();
    }

    @Override
    public void polled(IoQueue queue, WaitEnd why, int ready) {
        Objects.requireNonNull(waits.get(why)).increment();
    }
}
