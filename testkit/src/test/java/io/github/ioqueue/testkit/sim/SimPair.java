package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.SendOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.testkit.BufferWatch;
import io.github.ioqueue.testkit.CompletionLedger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Connections over a {@link SimulatedNetwork} whose choices are the plain ones but while {@link #explored} runs. */
final class SimPair implements AutoCloseable {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
    private static final int ROUNDS = 12;

    private final Choices choices;
    private final CompletionLedger ledger = new CompletionLedger();
    private final BufferWatch buffers = new BufferWatch();
    private final List<Throwable> errors = new ArrayList<>();
    private final SimulatedNetwork network = new SimulatedNetwork(this::choose);
    private final IoQueue queue;
    private final IoKey listener;
    private final List<IoKey> writers = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private @Nullable WriteOp last;
    private @Nullable Runnable foreign;
    private boolean exploring;
    private boolean shortWrite;

    SimPair(FastTrack track, Choices choices) {
        this.choices = choices;
        queue = here(() -> IoQueue.open(IoQueueConfig.builder()
                .backend(network)
                .nanoClock(network.clock())
                .fastTrack(track)
                .errorHandler((q, key, error) -> errors.add(error))
                .probe(Probes.all(ledger, buffers))
                .build()));
        IoSocket listening = here(() ->
                IoSocket.openListener(network, StandardProtocolFamily.INET).bind(ADDRESS));
        listener = register(listening, new IoHandler() {});
        network.atEachPoint(this::maybeForeign);
        connectAnother();
    }

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
        Runnable action = foreign;
        if (exploring && action != null && network.happens(Fault.FOREIGN)) {
            foreign = null;
            elsewhere(action);
        }
    }

    private static void elsewhere(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- before

    void connectAnother() {
        inLoop(() -> {
            AcceptOp accept = new AcceptOp();
            accept.alwaysAsync(true);
            IoKey writer =
                    register(here(() -> IoSocket.openStream(network, StandardProtocolFamily.INET)), new IoHandler() {});
            writer.submit(new ConnectOp(ADDRESS));
            writers.add(writer);
            listener.submit(accept);
            queue.execute(() -> await(accept));
        });
        settle();
    }

    private void await(AcceptOp accept) {
        if (accept.isPending()) {
            queue.execute(() -> await(accept));
        } else {
            readers.add(new Reader(accept.accepted()));
        }
    }

    private IoKey register(IoSocket socket, IoHandler handler) {
        return here(() -> queue.register(socket, handler));
    }

    private static <T> T here(Callable<T> task) {
        try {
            return task.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The next write of two bytes or more takes one byte less. */
    void shortWriteOnce() {
        shortWrite = true;
    }

    /** Another thread does this at one of the points to come. */
    void foreignOnce(Runnable action) {
        foreign = action;
    }

    // ---- what is done

    /** Runs this and what follows from it under the choices. */
    void explored(Runnable task) {
        queue.execute(task);
        exploring = true;
        settle();
        exploring = false;
    }

    /** Runs this here and now, on a thread that does not poll, under the choices. */
    void exploredHere(Runnable task) {
        exploring = true;
        task.run();
        exploring = false;
    }

    /** One round of the loop. Any thread; one at a time. */
    void poll() {
        queue.poll(0);
    }

    int openSockets() {
        return network.openSockets();
    }

    void read() {
        readers.forEach(Reader::read);
    }

    /** Sends on the first connection. Any thread. */
    void send(String text) {
        WriteOp op = new WriteOp(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        last = op;
        writers.get(0).submit(op);
    }

    void cancelLast() {
        if (last != null) {
            writers.get(0).cancel(last);
        }
    }

    void closeWriter() {
        writers.get(0).close();
    }

    void endOutput() {
        writers.get(0).shutdownOutput();
    }

    long points() {
        return network.points();
    }

    void settle() {
        for (int i = 0; i < ROUNDS; i++) {
            queue.poll(0);
        }
    }

    private void inLoop(Runnable task) {
        queue.execute(task);
        settle();
    }

    // ---- what must come of it

    void expect(Set<String> received) {
        inLoop(this::read);
        Assertions.assertThat(received).contains(readers.get(0).text.toString());
    }

    /** All readers wait, then all have something, then one round brings it to all. */
    void expectAllReadyAtOnce() {
        inLoop(this::read);
        queue.execute(() -> writers.forEach(writer -> writer.submit(new WriteOp(ByteBuffer.wrap(new byte[] {'x'})))));
        queue.poll(0);
        exploring = true;
        queue.poll(0);
        exploring = false;
        Assertions.assertThat(readers).allMatch(reader -> reader.text.toString().equals("x"));
    }

    /** As many arrive as the network has not lost, and those it has doubled twice. */
    void expectDatagrams(int count) {
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 17);
        List<Integer> received = new ArrayList<>();
        IoKey receiver = register(datagram(there), new IoHandler() {
            @Override
            public void onReadComplete(IoKey key, ReadOp op) {
                if (op.failure() == null) {
                    received.add(op.count());
                    key.submit(op);
                }
            }
        });
        IoKey sender = register(datagram(new InetSocketAddress(there.getAddress(), 0)), new IoHandler() {});
        inLoop(() -> receiver.submit(new ReceiveOp()));
        explored(() -> {
            for (int i = 0; i < count; i++) {
                sender.submit(new SendOp(ByteBuffer.allocate(i), there));
            }
        });
        long expected =
                count - network.faults().of(Fault.LOST) + network.faults().of(Fault.TWICE);
        Assertions.assertThat(received).hasSize((int) expected).isSorted();
    }

    private IoSocket datagram(InetSocketAddress local) {
        return here(() ->
                IoSocket.openDatagram(network, StandardProtocolFamily.INET).bind(local));
    }

    @Override
    public void close() {
        queue.close();
        ledger.verify();
        Assertions.assertThat(errors).isEmpty();
        Assertions.assertThat(buffers.violations()).isEmpty();
        Assertions.assertThat(network.openSockets()).isZero();
    }

    /** Reads all there is. */
    private final class Reader implements IoHandler {
        final StringBuilder text = new StringBuilder();
        private final IoKey key;
        private final ReadOp op = new ReadOp(ByteBuffer.allocate(16));

        Reader(IoSocket socket) {
            key = register(socket, this);
        }

        void read() {
            while (!op.isPending()) {
                op.into(ByteBuffer.allocate(16));
                if (key.submit(op) == Submission.PENDING || !take()) {
                    return;
                }
            }
        }

        private boolean take() {
            boolean good = op.failure() == null && !op.isEnd();
            if (good) {
                text.append(StandardCharsets.US_ASCII.decode(op.buffer().flip()));
            }
            return good;
        }

        @Override
        public void onReadComplete(IoKey k, ReadOp o) {
            if (take()) {
                read();
            }
        }
    }
}
