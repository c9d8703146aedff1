package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.ManualClock;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A network of one host, in memory and virtual time. Connections, listeners and datagram sockets behave as those of a
 * kernel do, and where a kernel or a network is free to do otherwise, {@link Choices} decide.
 *
 * <pre>{@code
 * SimulatedNetwork network = new SimulatedNetwork(new SeededChoices(seed));
 * IoQueue queue = IoQueue.open(IoQueueConfig.builder().backend(network).nanoClock(network.clock()).build());
 * }</pre>
 *
 * <p><b>Other threads.</b> {@link #atEachPoint} names the points where another thread may act: before every system call,
 * and before, inside and behind every wait. What is done there on a thread that the poller waits for is as deterministic
 * as all else. The network itself is used by one thread at a time. A queue that must wait for a
 * thread that is held up at a point needs {@link #awaitWakeups}.
 */
public final class SimulatedNetwork implements IoBackend {

    /** How long until a connect to a listener whose queue is full is tried again. */
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int FIRST_EPHEMERAL = 49_152;
    private static final long[] DELAYS = {0, 1_000, 1_000_000, 200_000_000};
    private static final int DEFAULT_CAPACITY = 4096;

    private final Choices choices;
    private final ManualClock clock = new ManualClock();
    private final Timetable timetable = new Timetable(clock);
    private final FaultCounts faults = new FaultCounts();
    private final Map<SocketAddress, SimListenerPort> listeners = new HashMap<>();
    private final Map<SocketAddress, SimDatagramPort> receivers = new HashMap<>();
    private int capacity = DEFAULT_CAPACITY;
    private int nextPort = FIRST_EPHEMERAL;
    private final AtomicReference<@Nullable IOException> waitFailure = new AtomicReference<>();
    private volatile boolean awaitsWakeups;
    private int openSockets;
    private long points;
    private Runnable atEachPoint = () -> {};

    /** Creates a network without sockets. */
    public SimulatedNetwork(Choices choices) {
        this.choices = choices;
    }

    // ---- for the test

    /** The clock that waits move; give it to the queue, too. */
    public ManualClock clock() {
        return clock;
    }

    /** Sets how many bytes fit into each direction of the connections made from now on; default 4096. */
    public void capacity(int bytes) {
        capacity = bytes;
    }

    /** Has this run at each point where another thread may act. */
    public void atEachPoint(Runnable action) {
        atEachPoint = action;
    }

    /** How many such points there were. */
    public long points() {
        return points;
    }

    /** Has the next wait of a queue fail, which ends the queue. */
    public void failNextWait(IOException failure) {
        waitFailure.set(failure);
    }

    /**
     * Whether a wait without limit waits for a wake-up, in real time, when nothing is going to happen here. Default no: it is
     * an error.
     */
    public void awaitWakeups(boolean on) {
        awaitsWakeups = on;
    }

    boolean awaitsWakeups() {
        return awaitsWakeups;
    }

    /** Returns the failure that the present wait ends with; null if it goes on. */
    @Nullable IOException takeWaitFailure() {
        return waitFailure.getAndSet(null);
    }

    /** The faults so far. */
    public FaultCounts faults() {
        return faults;
    }

    /** How many sockets are open, those included that wait to be accepted. */
    public int openSockets() {
        return openSockets;
    }

    // ---- choices

    /** Chooses an outcome and counts what is not plain. */
    public int choose(Fault fault, int outcomes) {
        int choice = choices.choose(fault, outcomes);
        if (choice != 0) {
            faults.add(fault);
        }
        return choice;
    }

    /** Chooses between the plain outcome and the other one. */
    public boolean happens(Fault fault) {
        return choose(fault, 2) != 0;
    }

    /** Counts a datagram that nobody chose to lose: where it arrived there was no room. */
    void lost() {
        faults.add(Fault.LOST);
    }

    long delayNanos() {
        return DELAYS[choose(Fault.DELAY, DELAYS.length)];
    }

    long connectNanos() {
        return DELAYS[choose(Fault.SLOW_CONNECT, DELAYS.length)];
    }

    void point() {
        points++;
        atEachPoint.run();
    }

    // ---- addresses

    int capacity() {
        return capacity;
    }

    Timetable timetable() {
        return timetable;
    }

    SocketAddress ephemeral() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), nextPort++);
    }

    SocketAddress addressFor(SocketAddress wanted) {
        if (wanted instanceof InetSocketAddress inet && inet.getPort() == 0) {
            return inet.getAddress().isAnyLocalAddress()
                    ? ephemeral()
                    : new InetSocketAddress(inet.getAddress(), nextPort++);
        }
        return wanted;
    }

    void listen(SocketAddress address, SimListenerPort listener) throws BindException {
        claim(listeners, address, listener);
    }

    void listen(SocketAddress address, SimDatagramPort receiver) throws BindException {
        claim(receivers, address, receiver);
    }

    private static <T> void claim(Map<SocketAddress, T> map, SocketAddress address, T port) throws BindException {
        if (map.putIfAbsent(address, port) != null) {
            throw new BindException("Address already in use");
        }
    }

    void unlisten(SimPort port) {
        listeners.values().remove(port);
        receivers.values().remove(port);
    }

    @Nullable SimListenerPort listener(SocketAddress address) {
        return listeners.get(address);
    }

    @Nullable SimDatagramPort receiver(SocketAddress address) {
        return receivers.get(address);
    }

    void opened() {
        openSockets++;
    }

    void closed() {
        openSockets--;
    }

    // ---- the seam

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public SimDemultiplexer openDemultiplexer() {
        return new SimDemultiplexer(this);
    }

    @Override
    public SimStreamPort openStream(ProtocolFamily family) throws IOException {
        return new SimStreamPort(this);
    }

    @Override
    public SimListenerPort openListener(ProtocolFamily family) throws IOException {
        return new SimListenerPort(this);
    }

    @Override
    public SimDatagramPort openDatagram(ProtocolFamily family) throws IOException {
        return new SimDatagramPort(this);
    }

    @Override
    public String toString() {
        return "SimulatedNetwork";
    }
}
