package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.ClosedException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.BufferWatch;
import io.github.ioqueue.testkit.CompletionLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One run: a listener, clients and datagram sockets on one queue, and users that do at random all a user may do, in
 * callbacks, tasks, timers and on another thread. The seed decides everything, the network's faults too.
 *
 * <pre>
 *   act: at least fifty ops ---+---> finish: all that was sent is read ---> close ---+---> judge
 *                              +---> end: the queue closes or dies, now ------------+
 * </pre>
 */
final class Simulation {

    private static final int LEAST_OPS = 50;
    private static final int MOST_ROUNDS = 100_000;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    final Random random;
    final SimulatedNetwork network;
    final IoQueue queue;
    final int capacity;
    private final IOException dead = new IOException("the wait failed");
    private final long seed;
    private final ForeignThread other;
    private final CompletionLedger ledger = new CompletionLedger();
    private final BufferWatch buffers = new BufferWatch();
    private final ArrayDeque<Runnable> foreign = new ArrayDeque<>();
    private final List<SimUser> users = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final IoBackend backend;
    private int ops;
    private boolean finishing;
    private boolean ended;
    private volatile boolean otherActs;
    private boolean actingHere;

    Simulation(long seed, ForeignThread other, Recipe recipe) {
        this.seed = seed;
        this.other = other;
        random = new Random(seed ^ 0x5DEECE66DL);
        network = new SimulatedNetwork(new SeededChoices(seed));
        capacity = 1 + random.nextInt(1 << random.nextInt(13));
        network.capacity(capacity);
        backend = recipe.backend().apply(network);
        try {
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(backend)
                    .nanoClock(network.clock())
                    .fastTrack(List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(seed))
                            .get(random.nextInt(3)))
                    .burst(List.of(1, 2, 32).get(random.nextInt(3)))
                    .errorHandler((q, key, error) -> expect(error == dead, "R9: a callback threw: " + error))
                    .probe(recipe.probe().apply(Probes.all(ledger, buffers)))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        network.atEachPoint(this::maybeForeign);
    }

    /** Runs it; answers what was wrong. */
    List<String> run() {
        try {
            open();
            while (ops < LEAST_OPS) {
                act();
                poll(random.nextInt(3) == 0 ? 0 : random.nextInt(2_000_000));
            }
            if (oneIn(4)) {
                end();
            } else {
                finish();
            }
            judge();
        } catch (IOException | RuntimeException | AssertionError e) {
            violated("it ended by " + e + (e.getCause() == null ? "" : ", " + e.getCause()));
        }
        return violations;
    }

    FaultCounts faults() {
        return network.faults();
    }

    // ---- its parts

    private void open() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
        users.add(new AcceptUser(
                this,
                IoSocket.openListener(backend, StandardProtocolFamily.INET).bind(address, 2)));
        for (int i = random.nextInt(3); i >= 0; i--) {
            users.add(StreamUser.connect(this, IoSocket.openStream(backend, StandardProtocolFamily.INET), address));
        }
        if (random.nextBoolean()) {
            InetSocketAddress a = new InetSocketAddress(InetAddress.getLoopbackAddress(), 17);
            InetSocketAddress b = new InetSocketAddress(InetAddress.getLoopbackAddress(), 18);
            users.add(new DatagramUser(this, datagram(a), b));
            users.add(new DatagramUser(this, datagram(b), a));
        }
    }

    private IoSocket datagram(InetSocketAddress local) throws IOException {
        return IoSocket.openDatagram(backend, StandardProtocolFamily.INET).bind(local);
    }

    private void act() {
        SimUser user = users.get(random.nextInt(users.size()));
        switch (random.nextInt(5)) {
            case 0 -> actHere(user);
            case 1, 2 -> queue.execute(promptly(user::act));
            case 3 ->
                foreign.add(() -> {
                    user.act();
                    queue.execute(promptly(user::act));
                });
            default -> {
                long delay = random.nextInt(3_000_000);
                long due = network.clock().getAsLong() + delay;
                queue.schedule(delay, () -> {
                    expect(network.clock().getAsLong() == due, "a timer is not on time");
                    user.act();
                });
            }
        }
    }

    /** A task brought here by whatever thread runs before any time passes: else a wake-up was lost. */
    private Runnable promptly(Runnable task) {
        long now = network.clock().getAsLong();
        return () -> {
            expect(network.clock().getAsLong() == now, "a wake-up was lost: the wait went on");
            task.run();
        };
    }

    /**
     * At a point: while the loop is at work, another thread may do something; while this thread is, which does not poll
     * then, the loop may, on the other one. What the other one does has no points of its own.
     */
    private void maybeForeign() {
        if (otherActs || (foreign.isEmpty() && !actingHere) || !network.happens(Fault.FOREIGN)) {
            return;
        }
        otherActs = true;
        Runnable action = foreign.isEmpty() ? () -> {} : foreign.remove();
        other.run(actingHere ? () -> actAndPoll(action) : action);
        otherActs = false;
    }

    private void actAndPoll(Runnable action) {
        action.run();
        queue.poll(0);
    }

    private void actHere(SimUser user) {
        actingHere = true;
        user.act();
        actingHere = false;
    }

    private void poll(long timeoutNanos) {
        queue.poll(timeoutNanos);
    }

    /** All that was sent and may arrive is read, then everything ends. */
    private void finish() {
        finishing = true;
        otherActs = true;
        while (!foreign.isEmpty()) {
            other.run(foreign.remove());
        }
        otherActs = false;
        users().forEach(SimUser::goOnReading);
        settle();
        users().forEach(SimUser::finish);
        settle();
        users().forEach(SimUser::close);
        settle();
        queue.close();
    }

    /** The queue ends in the middle of everything: it is closed or its wait fails, while another thread sends perhaps. */
    private void end() {
        finishing = true;
        ended = true;
        foreign.clear();
        Runnable ending = oneIn(2) ? queue::close : this::die;
        switch (random.nextInt(4)) {
            case 0 -> ending.run();
            case 1 -> {
                foreign.add(queue::close);
                poll(random.nextInt(2_000_000));
            }
            case 2 -> {
                queue.execute(queue::close);
                poll(0);
            }
            default -> endBeside(ending);
        }
        other.join();
        queue.close();
    }

    /** This thread, which does not poll, sends; at a point inside its system call the other one ends the queue. */
    private void endBeside(Runnable ending) {
        int[] pointsBefore = {random.nextInt(4)};
        network.awaitWakeups(true);
        network.atEachPoint(() -> {
            if (pointsBefore[0]-- == 0) {
                other.runUntilItWaits(ending);
            }
        });
        users().forEach(SimUser::sendBeside);
        network.atEachPoint(() -> {});
    }

    private void die() {
        network.failNextWait(dead);
        try {
            queue.poll(0);
        } catch (UncheckedIOException e) {
            expect(e.getCause() == dead && queue.isClosing(), "the loop died of " + e);
        }
    }

    /** Polls until nothing has happened for longer than any delay of the network. */
    private void settle() {
        long lastTurn = network.clock().getAsLong();
        for (int round = 0; network.clock().getAsLong() - lastTurn < QUIET_NANOS; round++) {
            if (round == MOST_ROUNDS) {
                throw new AssertionError("it does not come to rest: " + users);
            }
            if (queue.poll(QUIET_NANOS) > 0) {
                lastTurn = network.clock().getAsLong();
            }
        }
    }

    private void judge() {
        for (SimUser user : users) {
            user.judge();
        }
        violations.addAll(buffers.violations());
        expect(network.openSockets() == 0, network.openSockets() + " sockets are still open");
        try {
            ledger.verify();
        } catch (AssertionError e) {
            violated(String.valueOf(e.getMessage()));
        }
    }

    // ---- for its users

    List<SimUser> users() {
        return new ArrayList<>(users);
    }

    void joined(SimUser user) {
        users.add(user);
    }

    int size() {
        return users.size();
    }

    boolean isFinishing() {
        return finishing;
    }

    /** Returns true if the queue ended in the middle of everything. */
    boolean hasEnded() {
        return ended;
    }

    void submitted() {
        ops++;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** A failure must have a cause that there is in this world. */
    void explained(IOException failure) {
        expect(
                failure instanceof CancelledException
                        || failure instanceof ClosedException
                        || failure instanceof ResetException
                        || failure instanceof ConnectException
                        || failure == dead
                        || (network.faults().of(Fault.NO_DESCRIPTOR) > 0
                                && "Too many open files".equals(failure.getMessage())),
                "a failure without a cause: " + failure);
    }

    void expect(boolean good, String what) {
        if (!good) {
            violated(what);
        }
    }

    void violated(String what) {
        violations.add("seed " + seed + ": " + what);
    }
}
