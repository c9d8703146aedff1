package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.probe.QueueCounters;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import io.github.ioqueue.tests.PeerWatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Where a scenario happens: one queue, polled by the test's thread, for both ends of its connections, in the manner of a
 * cell. Scenarios say {@link #listen}, {@link #connect} and {@link #pollUntil}, and cannot tell one world from another. When
 * it is closed the ledger, the watch over both peers, the buffers and the network are asked whether anything was lost.
 */
final class World implements AutoCloseable {

    /** For hangs, not for slowness. */
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MOST_ROUNDS = 500_000;
    private static final int NARROW = 20_000;

    /** In virtual time, with delays for every few bytes, ordinary deadlines would pass. */
    static final StreamConfig PATIENT =
            StreamConfig.defaults().withCloseTimeout(Duration.ofDays(1)).withStallTimeout(Duration.ZERO);

    private final long seed;
    private final Random random;
    private final IoBackend backend;
    private final Layers layers;
    private final CompletionLedger ledger = new CompletionLedger();
    private final PeerWatch peers = new PeerWatch();
    private final List<Throwable> thrown = new ArrayList<>();
    private final List<ActiveListener> listeners = new ArrayList<>();
    private final IoQueue queue;
    private final Senders senders;
    private long messages;

    World(Cell cell, Layers layers, QueueCounters counters, long seed) throws IOException {
        this.seed = seed;
        this.layers = layers;
        random = new Random(seed);
        backend = cell.io().open(seed);
        IoQueueConfig.Builder config = IoQueueConfig.builder()
                .backend(backend)
                .fastTrack(cell.track().of(seed))
                .probe(Probes.all(ledger, counters))
                .errorHandler((q, key, error) -> thrown.add(error));
        if (backend instanceof SimulatedNetwork network) {
            config.nanoClock(network.clock());
            senders = new Senders.InTurn(network, random);
        } else {
            senders = new Senders.AtWill();
        }
        queue = IoQueue.open(config.build());
    }

    Random random() {
        return random;
    }

    /** Threads beside the polling one. */
    Senders senders() {
        return senders;
    }

    /** Counts a message that has arrived, or come back, whole and right. */
    void message() {
        messages++;
    }

    long messages() {
        return messages;
    }

    ActiveListener listen(StreamConfig config, Supplier<StreamHandler> handlers) throws IOException {
        ActiveListener listener = narrow(Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .config(config)
                .through(layers.server())
                .open(queue, accepted -> peers.server(handlers.get()));
        listeners.add(listener);
        return listener;
    }

    /** Narrow socket buffers: writes end short, and a peer that does not read is soon noticed. */
    private static Listener narrow(Listener listener) {
        return listener.option(StandardSocketOptions.SO_SNDBUF, NARROW).option(StandardSocketOptions.SO_RCVBUF, NARROW);
    }

    void connect(ActiveListener to, StreamHandler handler) {
        Connector.to(to.localAddress())
                .option(StandardSocketOptions.SO_SNDBUF, NARROW)
                .option(StandardSocketOptions.SO_RCVBUF, NARROW)
                .config(PATIENT)
                .through(layers.client())
                .open(queue, peers.client(handler));
    }

    void pollUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        for (int round = 0; !condition.getAsBoolean(); round++) {
            if (round > MOST_ROUNDS || System.nanoTime() - deadline > 0 || !thrown.isEmpty()) {
                throw new AssertionError(
                        "it does not come about in " + round + " rounds, seed " + seed + "\n" + dump(),
                        thrown.isEmpty() ? null : thrown.get(0));
            }
            queue.poll(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private String dump() {
        String[] dump = {"the queue has ended"};
        queue.execute(() -> dump[0] = queue.dump());
        queue.poll(0);
        return dump[0];
    }

    /** Polls until all connections of the listeners are gone. */
    void pollUntilServed() {
        pollUntil(() -> listeners.stream().allMatch(each -> each.openConnections() == 0));
    }

    @Override
    public void close() {
        senders.close();
        listeners.forEach(ActiveListener::close);
        long[] lent = new long[1];
        queue.execute(() -> lent[0] = queue.buffers().lentBytes());
        queue.poll(0);
        queue.close();
        ledger.verify();
        peers.verify();
        require(thrown.isEmpty(), "callbacks threw: " + thrown);
        require(lent[0] == 0, lent[0] + " bytes of buffers were not given back");
        require(!(backend instanceof SimulatedNetwork network) || network.openSockets() == 0, "sockets were left open");
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what + ", seed " + seed);
        }
    }
}
