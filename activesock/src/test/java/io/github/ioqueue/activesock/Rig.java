package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.CallCounter;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A queue in some world, polled by the test's own thread, with its books kept and judged at the end. */
final class Rig implements AutoCloseable {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    final CallCounter calls = new CallCounter();
    final CompletionLedger ledger = new CompletionLedger();
    final List<Throwable> errors = new ArrayList<>();
    final List<Recorder> recorders = new ArrayList<>();
    final IoQueue queue;
    private final @Nullable SimulatedNetwork network;

    Rig(FastTrack track) throws IOException {
        this(track, IoBackend.system());
    }

    Rig(World world) throws IOException {
        this(world.track(), world.backend());
    }

    /** Where other threads send, too. */
    static Rig forThreads(World world) throws IOException {
        IoBackend backend = world.backend();
        return backend instanceof SimulatedNetwork network
                ? new Rig(world.track(), InterceptedBackend.oneAtATime(network), network)
                : new Rig(world.track(), backend, null);
    }

    /** Where sockets fail to write, or to read, while there is such a failure. */
    static Rig failing(World world, Supplier<@Nullable IOException> writing, Supplier<@Nullable IOException> reading)
            throws IOException {
        IoBackend backend = world.backend();
        return new Rig(
                world.track(),
                InterceptedBackend.failing(backend, writing, reading),
                backend instanceof SimulatedNetwork network ? network : null);
    }

    Rig(FastTrack track, IoBackend backend) throws IOException {
        this(track, backend, backend instanceof SimulatedNetwork simulated ? simulated : null);
    }

    private Rig(FastTrack track, IoBackend backend, @Nullable SimulatedNetwork network) throws IOException {
        System.out.println("fast track " + track + ", seed " + World.SEED);
        this.network = network;
        IoQueueConfig.Builder config = IoQueueConfig.builder()
                .fastTrack(track)
                .backend(backend)
                .probe(Probes.all(calls, ledger))
                .errorHandler((q, key, error) -> errors.add(error));
        if (network != null) {
            config.nanoClock(network.clock());
        }
        queue = IoQueue.open(config.build());
    }

    /** The network it is in, or null if that is the real one. */
    @Nullable SimulatedNetwork network() {
        return network;
    }

    /** The queue's time. */
    long now() {
        return queue.config().nanoClock().getAsLong();
    }

    /** On, off, and at random by a new seed each run. */
    static Stream<FastTrack> tracks() {
        return World.tracks();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** A port of the loopback address that refuses. */
    static InetSocketAddress closedPort() throws IOException {
        try (var taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return loopback(taken.getLocalPort());
        }
    }

    Recorder recorder() {
        Recorder recorder = new Recorder();
        recorders.add(recorder);
        return recorder;
    }

    /** Polls until the condition holds. */
    void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                AtomicReference<String> dump = new AtomicReference<>("");
                queue.execute(() -> dump.set(queue.dump()));
                queue.poll(0);
                throw new AssertionError(
                        "in vain waited until " + what + "; errors: " + errors + "; " + recorders + "\n" + dump.get());
            }
            queue.poll(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Runs on the loop, in a turn of its own, and answers what came out. */
    <T> T onLoop(Supplier<T> task) {
        AtomicReference<T> result = new AtomicReference<>();
        boolean[] done = {false};
        int before = errors.size();
        queue.execute(() -> {
            try {
                result.set(task.get());
            } finally {
                done[0] = true;
            }
        });
        until("the task has run", () -> done[0]);
        if (errors.size() > before) {
            throw new AssertionError("the task failed", errors.get(before));
        }
        return result.get();
    }

    void run(Runnable task) {
        onLoop(() -> {
            task.run();
            return null;
        });
    }

    /** So many more rounds: time enough for whatever should not happen. */
    void rounds(int n) {
        for (int i = 0; i < n; i++) {
            queue.poll(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Two sockets of this queue, connected and open. */
    void pair(Recorder accepted, Recorder connected, StreamConfig config) throws IOException {
        ActiveListener listener = Listener.on(loopback(0)).config(config).open(queue, socket -> accepted);
        Connector.to(address(listener)).config(config).open(queue, connected);
        until("both are open", () -> accepted.opened && connected.opened);
        listener.close();
    }

    /** A socket of this queue whose peer is a plain blocking one. */
    Socket peerOf(Recorder accepted, StreamConfig config) throws IOException {
        ActiveListener listener = Listener.on(loopback(0)).config(config).open(queue, socket -> accepted);
        Socket peer = new Socket();
        peer.setSoTimeout(10_000);
        peer.connect(address(listener));
        until("it is accepted", () -> accepted.opened);
        listener.close();
        return peer;
    }

    static SocketAddress address(ActiveListener listener) {
        return java.util.Objects.requireNonNull(listener.localAddress());
    }

    /** Closes the queue and judges. Everything must have ended, and nothing of the pool be out. */
    @Override
    public void close() {
        if (!queue.isClosing()) {
            end();
        }
        queue.close();
        assertThat(queue).hasToString("IoQueue[" + queue.config().backend().name() + " CLOSED]");
        for (Recorder recorder : recorders) {
            assertThat(recorder.late).as("told after onClosed").isEmpty();
            assertThat(recorder.closedCount).as("onClosed of " + recorder).isEqualTo(recorder.expectClose ? 1 : 0);
        }
        ledger.verify();
        if (network != null) {
            assertThat(network.openSockets()).as("open sockets").isZero();
        }
    }

    private void end() {
        for (Recorder recorder : recorders) {
            if (recorder.socket != null) {
                recorder.socket.abort();
            }
        }
        queue.execute(() -> {});
        rounds(3);
        long lent = onLoop(() -> queue.buffers().lentBytes());
        assertThat(lent).as("bytes of the pool that are out").isZero();
    }
}
