package io.github.ioqueue.examples;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** One combination of the demo: a server on one loop, all clients on another, for some time. */
final class DemoRound {

    private static final int SMALL_SEND_BUFFER = 9_000;
    private static final int SMALL_RECEIVE_BUFFER = 20_000;

    private final FastTrack fastTrack;
    private final Backend backend;
    private final DemoTls tls;
    private final List<MessageClient> clients = new ArrayList<>();
    private final LongAdder checked = new LongAdder();
    private final CountDownLatch open;
    private final Completions completions = new Completions();
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopped;
    private long nanos;

    DemoRound(FastTrack fastTrack, Backend backend, DemoTls tls, Messages messages, int connections) {
        this.fastTrack = fastTrack;
        this.backend = backend;
        this.tls = tls;
        this.open = new CountDownLatch(connections);
        for (int i = 0; i < connections; i++) {
            clients.add(new MessageClient(this, messages, i));
        }
    }

    /** Runs it for so long, reporting about ten times a second, and then until every answer is there or 10 s are over. */
    void run(long runNanos, Runnable progress) throws IOException, InterruptedException {
        IoQueueConfig config = IoQueueConfig.builder()
                .backend(backend.open())
                .fastTrack(fastTrack)
                .probe(completions)
                .errorHandler((queue, key, error) -> problems.add("thrown: " + error))
                .build();
        IoQueueGroup group = IoQueueGroup.open(2, config);
        try (group) {
            connect(group);
            long start = System.nanoTime();
            while (System.nanoTime() - start < runNanos && !open.await(100, TimeUnit.MILLISECONDS)) {
                progress.run();
            }
            nanos = System.nanoTime() - start;
            stopped = true;
            if (!open.await(10, TimeUnit.SECONDS)) {
                problems.add(open.getCount() + " connections wait for answers that do not come");
            }
        }
        if (!group.awaitClosed(10, TimeUnit.SECONDS)) {
            problems.add("the loops do not close");
        }
    }

    private void connect(IoQueueGroup group) throws IOException {
        StreamConfig config = StreamConfig.defaults().withMaxUnread(2 * Messages.LONGEST);
        SocketAddress wide =
                listen(group, Listener.on(loopback()).config(config).through(tls.server()));
        SocketAddress narrow = listen(
                group,
                Listener.on(loopback())
                        .config(config)
                        .through(tls.server())
                        .option(StandardSocketOptions.SO_SNDBUF, SMALL_SEND_BUFFER)
                        .option(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BUFFER));
        for (int i = 0; i < clients.size(); i++) {
            Connector connector = Connector.to(Messages.isNarrow(i) ? narrow : wide)
                    .config(config)
                    .through(tls.client());
            if (Messages.isNarrow(i)) {
                connector
                        .option(StandardSocketOptions.SO_SNDBUF, SMALL_SEND_BUFFER)
                        .option(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BUFFER);
            }
            connector.open(group.queues().get(1), clients.get(i));
        }
    }

    private static SocketAddress listen(IoQueueGroup group, Listener builder) throws IOException {
        MessageEcho server = new MessageEcho();
        ActiveListener listener = builder.open(group.queues().get(0), accepted -> server);
        return Objects.requireNonNull(listener.localAddress());
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    // ---- what the clients tell and ask; any thread

    boolean isStopped() {
        return stopped;
    }

    void checked(long more) {
        checked.add(more);
    }

    void clientClosed() {
        open.countDown();
    }

    // ---- results; while it runs only messages() is exact

    FastTrack fastTrack() {
        return fastTrack;
    }

    Backend backend() {
        return backend;
    }

    DemoTls tls() {
        return tls;
    }

    long messages() {
        return checked.sum();
    }

    long bytes() {
        return clients.stream().mapToLong(MessageClient::bytes).sum();
    }

    long lost() {
        return clients.stream().mapToLong(MessageClient::lost).sum();
    }

    Completions completions() {
        return completions;
    }

    long messagesPerSecond() {
        return nanos == 0 ? 0 : Math.round(messages() * 1e9 / nanos);
    }

    /** What was not as it should be; empty for a good round. */
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        clients.stream().map(MessageClient::failure).filter(f -> !f.isEmpty()).forEach(all::add);
        require(all, messages() > 0 && bytes() > 0, "no work was done");
        require(all, completions.missing() == 0, completions.missing() + " completions are missing");
        require(
                all,
                fastTrack == FastTrack.ON || completions.pendingWrites() > 0,
                "no write was pending, but the fast track was " + fastTrack);
        require(
                all,
                fastTrack == FastTrack.OFF ? completions.immediateWrites() == 0 : completions.immediateWrites() > 0,
                completions.immediateWrites() + " writes finished at once, but the fast track was " + fastTrack);
        return all;
    }

    private static void require(List<String> problems, boolean fulfilled, String otherwise) {
        if (!fulfilled) {
            problems.add(otherwise);
        }
    }
}
