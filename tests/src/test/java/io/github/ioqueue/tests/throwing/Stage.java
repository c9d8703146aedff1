package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.Chooser;
import io.github.ioqueue.ErrorHandler;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.Resolver;
import io.github.ioqueue.activesock.AcceptHandler;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One queue on a simulated network, polled by the test's own thread, with a listener; everything that others implement
 * stands behind the trap. Virtual time, one thread.
 */
final class Stage {

    private static final int MAX_ROUNDS = 2000;
    private static final int QUIET_ROUNDS = 3;
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 443);

    final Trap trap;
    final SimulatedNetwork network;
    final CompletionLedger ledger = new CompletionLedger();
    final Told told = new Told();
    final IoQueueGroup group;
    final IoQueue queue;
    final StreamLayer accepting;
    final StreamLayer connecting;
    final ActiveListener listener;

    final Executor executor;

    /** What an executor has accepted. */
    final ArrayDeque<Runnable> work = new ArrayDeque<>();

    /** The next accept fails. */
    boolean failsAccept;

    /** The kernel takes nothing. */
    boolean blocksWrites;

    /** Engines made from now on find their peer's first record wrong. */
    boolean failsEngines;

    /** A connect is not answered at once. */
    boolean slowConnects;

    /** Makes the handler of the next accepted connection. */
    Supplier<StreamHandler> acceptor = () -> new Witness(true);

    private boolean pollThrew;

    /**
     * Opens it.
     *
     * @param executor runs what is handed off the loop; null: {@link #settle} does
     */
    Stage(Trap trap, Path path, @Nullable Executor executor, boolean lends) throws IOException {
        this.trap = trap;
        this.executor = executor != null ? executor : work::add;
        network = new SimulatedNetwork((fault, outcomes) -> happens(fault) ? 1 : 0);
        group = IoQueueGroup.builder()
                .size(1)
                .config(config())
                .chooser(trap.around(Chooser.class, Chooser.inTurn()))
                .threads(task -> new Thread(() -> {})) // this thread polls
                .open();
        queue = group.queues().get(0);
        accepting = trap.around(StreamLayer.class, path.accepting(this, lends));
        connecting = trap.around(StreamLayer.class, path.connecting(this, lends));
        listener = listen(ADDRESS);
    }

    private IoQueueConfig config() {
        return IoQueueConfig.builder()
                .backend(trap.around(IoBackend.class, network))
                .nanoClock(trap.around(LongSupplier.class, "IoQueueConfig.nanoClock", network.clock()))
                .errorHandler(trap.around(ErrorHandler.class, (q, key, error) -> told.by("error handler", error)))
                .probe(Probes.all(ledger, trap.around(QueueProbe.class, new QueueProbe() {})))
                .build();
    }

    private boolean happens(Fault fault) {
        boolean fails = fault == Fault.NO_DESCRIPTOR && failsAccept;
        failsAccept &= !fails;
        return fails || (fault == Fault.BLOCKED_WRITE && blocksWrites) || (fault == Fault.SLOW_CONNECT && slowConnects);
    }

    private ActiveListener listen(InetSocketAddress address) throws IOException {
        return Listener.on(address)
                .through(accepting)
                .config(limits())
                .option(StandardSocketOptions.SO_RCVBUF, 4096)
                .open(group, trap.around(AcceptHandler.class, new Acceptor()));
    }

    static StreamConfig limits() {
        return StreamConfig.forServers().withMaxQueued(10_000, 100).withIdleTimeout(Duration.ofMinutes(2));
    }

    private final class Acceptor implements AcceptHandler {
        @Override
        public StreamHandler onAccept(StreamSocket accepted) {
            return acceptor.get();
        }

        @Override
        public void onAcceptFailed(ActiveListener where, IOException failure) {
            told.by("onAcceptFailed", failure);
        }
    }

    /** Connects to the listener, by name. What is thrown is the caller's. */
    void connect(StreamHandler handler) {
        told.byCall(() -> Connector.to("localhost", ADDRESS.getPort())
                .resolver(trap.around(Resolver.class, this::resolve))
                .from(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .option(StandardSocketOptions.SO_SNDBUF, 4096)
                .through(connecting)
                .config(limits())
                .open(queue, handler));
        settle();
    }

    private void resolve(String host, IoQueue where, Resolver.Answer answer) {
        where.execute(() -> answer.onResolved(List.of(InetAddress.getLoopbackAddress()), null));
    }

    /** Runs on the loop; what is thrown is the caller's. */
    void inLoop(Told.Act act) {
        told.byCall(() -> queue.execute(() -> told.byCall(act)));
        settle();
    }

    /** Answers what came out on the loop; null if the loop is dead. */
    <T> @Nullable T onLoop(Supplier<T> question) {
        AtomicReference<@Nullable T> answer = new AtomicReference<>();
        inLoop(() -> answer.set(question.get()));
        return answer.get();
    }

    /** Polls until nothing is to be done, for a short time yet. */
    void settle() {
        int quiet = 0;
        for (int round = 0; quiet < QUIET_ROUNDS && round < MAX_ROUNDS; round++) {
            int turns = poll(quiet == 0 ? 0 : TimeUnit.MILLISECONDS.toNanos(20));
            quiet = turns == 0 && work.isEmpty() ? quiet + 1 : 0;
            for (Runnable task = work.poll(); task != null; task = work.poll()) {
                told.by("executor's thread", task);
            }
        }
    }

    /** Lets so much time pass. */
    void pass(Duration time) {
        long end = network.clock().getAsLong() + time.toNanos();
        for (int round = 0; network.clock().getAsLong() < end && round < MAX_ROUNDS && !queue.isClosing(); round++) {
            poll(TimeUnit.SECONDS.toNanos(1));
        }
        settle();
    }

    private int poll(long timeoutNanos) {
        try {
            return queue.poll(timeoutNanos);
        } catch (Throwable e) {
            pollThrew = true;
            told.by("poll", e);
            return 0;
        }
    }

    /** Whether the loop has ended by itself. */
    boolean isDead() {
        return pollThrew || queue.isClosing();
    }

    int handshakes() {
        return accepting() instanceof TlsLayer tls ? tls.handshakes() : 0;
    }

    /** The layer itself. */
    @Nullable Object accepting() {
        return Trap.unwrapped(accepting);
    }

    // ---- conversations

    /** Both ends of a connection through the listener. */
    record Pair(Witness client, Witness server) {

        boolean isClosed() {
            return client.wasClosed() && server.wasClosed();
        }
    }

    /** Opens a connection that echoes. */
    Pair open() {
        Pair pair = new Pair(new Witness(false), new Witness(true));
        acceptor = pair::server;
        connect(pair.client);
        return pair;
    }

    /** Sends a line, and answers whether it came back. */
    boolean echoes(Pair pair) {
        long before = pair.client.received();
        StreamSocket socket = pair.client.socket();
        if (socket == null) {
            return false;
        }
        inLoop(() -> socket.send(Witness.line()));
        return pair.client.received() == before + Witness.line().remaining();
    }

    void close(Pair pair) {
        StreamSocket socket = pair.client.socket();
        if (socket != null) {
            inLoop(socket::close);
        }
    }
}
