package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.OnePortBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.Assertions;

/**
 * A queue with one key that ends in the middle of a send. The peer is a bare socket of the network: it lives on, and what
 * it reads is what a peer is made to believe.
 */
final class EndScene implements AutoCloseable {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
    private static final int ROUNDS = 12;

    private final IOException dead = new IOException("the wait failed");
    private final Choices choices;
    private final CompletionLedger ledger = new CompletionLedger();
    private final List<Throwable> errors = new ArrayList<>();
    private final SimulatedNetwork network = new SimulatedNetwork(this::choose);
    private final ForeignThread other = new ForeignThread();
    private final IoQueue queue;
    private final IoKey key;
    private final StreamPort peer;
    private Runnable foreign = () -> {};
    private boolean exploring;
    private boolean acted;
    private boolean shortWrite = true;

    EndScene(FastTrack track, Choices choices) {
        this.choices = choices;
        try {
            queue = IoQueue.open(IoQueueConfig.builder()
                    .backend(network)
                    .nanoClock(network.clock())
                    .fastTrack(track)
                    .errorHandler((q, k, error) -> errors.add(error))
                    .probe(ledger)
                    .build());
            ListenerPort listener = network.openListener(StandardProtocolFamily.INET);
            listener.bind(ADDRESS, 0);
            StreamPort port = stream();
            Assertions.assertThat(port.connect(ADDRESS)).isTrue();
            peer = Objects.requireNonNull(listener.accept());
            listener.close();
            key = queue.register(OnePortBackend.socket(port), new IoHandler() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        network.awaitWakeups(true);
        network.atEachPoint(this::maybeForeign);
    }

    /** Of "ab" the first write takes one byte. */
    private int choose(Fault fault, int outcomes) {
        if (!exploring) {
            return 0;
        }
        if (fault == Fault.SHORT_WRITE && shortWrite) {
            shortWrite = false;
            return 1;
        }
        return choices.choose(fault, outcomes);
    }

    private void maybeForeign() {
        if (exploring && !acted && network.happens(Fault.FOREIGN)) {
            acted = true;
            other.runUntilItWaits(foreign);
        }
    }

    // ---- what is done

    /** At one of the points to come another thread does this. */
    EndScene foreign(Runnable action) {
        foreign = action;
        return this;
    }

    /** The key has had its first turn. */
    EndScene started() {
        settle();
        return this;
    }

    /** The loop runs this under the choices; returns how many points there were. */
    long inLoop(Runnable task) {
        queue.execute(task);
        return explored(this::settle);
    }

    /** This thread, which does not poll, runs this under the choices; returns how many points there were. */
    long here(Runnable task) {
        return explored(task);
    }

    private long explored(Runnable task) {
        long before = network.points();
        exploring = true;
        task.run();
        exploring = false;
        return network.points() - before;
    }

    void send() {
        key.submit(new WriteOp(ByteBuffer.wrap("ab".getBytes(StandardCharsets.US_ASCII))));
    }

    void closeQueue() {
        queue.close();
    }

    /** The next wait fails. */
    void die() {
        network.failNextWait(dead);
    }

    /** The next wait fails, and it is this thread's. */
    void pollAndDie() {
        die();
        poll();
    }

    /** Registers one more socket, or is refused. */
    void register() {
        IoSocket late = OnePortBackend.socket(stream());
        try {
            queue.register(late, new IoHandler() {});
        } catch (ClosedException refused) {
            closeUnregistered(late);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StreamPort stream() {
        try {
            return network.openStream(StandardProtocolFamily.INET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeUnregistered(IoSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void settle() {
        for (int i = 0; i < ROUNDS; i++) {
            poll();
        }
    }

    private void poll() {
        try {
            queue.poll(0);
        } catch (UncheckedIOException e) {
            Assertions.assertThat(e).hasCause(dead);
            Assertions.assertThat(queue.isClosing()).isTrue();
        }
    }

    // ---- what must come of it

    /** Ends what has not ended, and judges. */
    void judge() {
        end();
        try {
            Assertions.assertThat("ab").startsWith(received());
            peer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ledger.verify();
        Assertions.assertThat(errors).allMatch(dead::equals);
        Assertions.assertThat(network.openSockets()).isZero();
    }

    private void end() {
        other.join();
        queue.close();
    }

    @Override
    public void close() {
        end();
        other.close();
    }

    /** Reads to the end, which is clean or a reset. */
    private String received() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        try {
            for (int n = peer.read(bytes); n != SocketPort.END; n = peer.read(bytes)) {
                Assertions.assertThat(n).as("the connection is not closed").isPositive();
            }
        } catch (ResetException e) {
            // an end that the peer can tell from a clean one
        }
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
    }
}
