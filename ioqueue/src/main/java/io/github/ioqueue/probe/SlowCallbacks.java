package io.github.ioqueue.probe;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.QueueProbe;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of callbacks that take longer than they should: while one runs, every other socket of its queue waits. Put what is
 * slow on another thread. Any thread.
 */
public final class SlowCallbacks implements QueueProbe {

    private static final System.Logger LOGGER = System.getLogger(SlowCallbacks.class.getName());

    private final long budgetNanos;
    private final Consumer<? super String> warning;
    private final CallbackClock clock = new CallbackClock();

    /** Logs a warning for each callback beyond the budget. */
    public SlowCallbacks(Duration budget) {
        this(budget, text -> LOGGER.log(System.Logger.Level.WARNING, text));
    }

    /** Hands a sentence for each callback beyond the budget to {@code warning}, on the polling thread. */
    public SlowCallbacks(Duration budget, Consumer<? super String> warning) {
        this.budgetNanos = budget.toNanos();
        this.warning = Objects.requireNonNull(warning, "warning");
    }

    @Override
    public void callbackBegins(IoKey key, @Nullable IoOp op) {
        clock.begins();
    }

    @Override
    public void callbackEnds(IoKey key, @Nullable IoOp op) {
        long nanos = clock.ends();
        if (nanos > budgetNanos) {
            warning.accept("callback for " + (op == null ? "the closing" : OpKind.of(op)) + " took "
                    + TimeUnit.NANOSECONDS.toMicros(nanos) + " us, more than "
                    + TimeUnit.NANOSECONDS.toMicros(budgetNanos) + ": " + key.explain());
        }
    }
}
