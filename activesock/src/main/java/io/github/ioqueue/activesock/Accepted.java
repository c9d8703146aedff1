package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import java.util.function.Supplier;

/** What a listener does with the sockets it accepts. */
record Accepted(
        Supplier<IoQueue> queues,
        StreamConfig config,
        Options options,
        StreamLayer layer,
        int limit,
        boolean refuses) {}
