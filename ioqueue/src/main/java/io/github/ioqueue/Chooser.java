package io.github.ioqueue;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Chooses the queue of an {@link IoQueueGroup} that a new socket goes to, for good. Called by any thread, by many. */
@FunctionalInterface
public interface Chooser {

    /**
     * Chooses one.
     *
     * @param open the queues that are open; at least one
     */
    IoQueue choose(List<IoQueue> open);

    /** One after the other. For one group. */
    static Chooser inTurn() {
        AtomicInteger turn = new AtomicInteger();
        return open -> open.get(Math.floorMod(turn.getAndIncrement(), open.size()));
    }

    /** The one with the fewest open keys: for connections of very different length. */
    static Chooser fewestKeys() {
        Comparator<IoQueue> byKeys = Comparator.comparingInt(IoQueue::openKeys);
        return open -> Objects.requireNonNull(open.stream().min(byKeys).orElse(null));
    }
}
