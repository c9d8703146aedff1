package io.github.ioqueue.tests.tls;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.AcceptHandler;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.probe.OpKind;
import io.github.ioqueue.probe.Probes;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.CallCounter;
import io.github.ioqueue.testkit.CompletionLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A server with TLS on real sockets, one loop for it and others for its clients. The ledger watches all. */
final class TlsRig implements AutoCloseable {

    /** For hangs, not for slowness: with windows of a few KiB the kernel itself may pause for seconds on a loaded machine. */
    static final int DEADLINE_SECONDS = 120;

    /** Socket buffers of the size the system chooses. */
    static final int DEFAULT = 0;

    private final CompletionLedger ledger = new CompletionLedger();
    private final CallCounter calls = new CallCounter();
    private final IoQueueGroup group;
    private final ActiveListener listener;
    private final Function<TlsRig, StreamHandler> service;
    private final int bufferSize;
    private int clients;
    private final ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<IOException> refused = new LinkedBlockingQueue<>();
    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();

    /** An echo server, and one loop for all clients. */
    TlsRig(FastTrack track, int bufferSize, StreamLayer layer) throws IOException {
        this(track, bufferSize, layer, 1, rig -> rig.new Echo());
    }

    /** A server that has each connection handled by what the service makes, and loops for the clients, in turn. */
    TlsRig(FastTrack track, int bufferSize, StreamLayer layer, int clientLoops, Function<TlsRig, StreamHandler> service)
            throws IOException {
        this.bufferSize = bufferSize;
        this.service = service;
        group = IoQueueGroup.open(
                1 + clientLoops,
                IoQueueConfig.builder()
                        .fastTrack(track)
                        .probe(Probes.all(ledger, calls))
                        .errorHandler((queue, key, error) -> thrown.add(error))
                        .build());
        Listener builder = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .through(layer);
        if (bufferSize != DEFAULT) {
            builder.option(StandardSocketOptions.SO_SNDBUF, bufferSize)
                    .option(StandardSocketOptions.SO_RCVBUF, bufferSize);
        }
        listener = builder.open(group.queues().get(0), new Server());
    }

    static TlsRig server(String backend, TlsConfig config) throws IOException {
        return new TlsRig(FastTrack.ON, DEFAULT, layer(backend, config));
    }

    static TlsLayer layer(String backend, TlsConfig config) throws IOException {
        return TlsLayer.of(TlsBackend.named(backend).context(config));
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Connects to the server. */
    void connect(String host, StreamLayer layer, StreamHandler handler) {
        connect(Connector.to(host, port()), layer, handler);
    }

    /** Connects to another port of this machine, by the name of localhost. */
    void connect(int port, StreamLayer layer, StreamHandler handler) {
        connect(Connector.to("localhost", port), layer, handler);
    }

    private void connect(Connector connector, StreamLayer layer, StreamHandler handler) {
        connector.through(layer);
        if (bufferSize != DEFAULT) {
            connector
                    .option(StandardSocketOptions.SO_SNDBUF, bufferSize)
                    .option(StandardSocketOptions.SO_RCVBUF, bufferSize);
        }
        connector.open(group.queues().get(1 + clients++ % (group.queues().size() - 1)), handler);
    }

    /** The system calls of both ends. */
    CallCounter calls() {
        return calls;
    }

    /** Readers that have read nothing so far begin when the kernel has refused to take more from as many writers. */
    void resumeWhenFull(StreamSocket... readers) {
        Awaitility.await()
                .atMost(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> calls.unfinished(OpKind.WRITE) >= readers.length);
        for (StreamSocket reader : readers) {
            reader.resumeReading();
        }
    }

    int openConnections() {
        return listener.openConnections();
    }

    /** The next connection that TLS did not let in; null when the time is over. */
    IOException awaitRefused() throws InterruptedException {
        return refused.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** How the next connection ended that was let in; null when the time is over. */
    CloseReason awaitEnd() throws InterruptedException {
        return ends.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        group.close();
        if (!isClosed()) {
            throw new AssertionError("the loops do not close");
        }
        if (!thrown.isEmpty()) {
            throw new AssertionError("callbacks or tasks threw", thrown.peek());
        }
        ledger.verify();
        for (var queue : group.queues()) {
            if (queue.buffers().lentBytes() != 0) {
                throw new AssertionError(queue.buffers().lentBytes() + " bytes of buffers were not given back");
            }
        }
    }

    private boolean isClosed() {
        try {
            return group.awaitClosed(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private final class Server implements AcceptHandler {
        @Override
        public StreamHandler onAccept(StreamSocket accepted) {
            return service.apply(TlsRig.this);
        }

        @Override
        public void onAcceptFailed(ActiveListener where, IOException failure) {
            refused.add(failure);
        }
    }

    private final class Echo implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (socket.send(in) == Sent.FULL) {
                socket.pauseReading();
            }
        }

        @Override
        public void onWritable(StreamSocket socket) {
            socket.resumeReading();
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ends.add(why);
        }
    }

    /** Fails with the whole story when it ended otherwise. */
    static void assertEnd(CloseReason why, CloseReason.Kind expected) {
        if (why.kind() != expected) {
            throw new AssertionError("ended as " + why + ", and not as " + expected, why.cause());
        }
    }

    /** All backends that the tests run on. */
    static List<String> backends() {
        return List.of("jdk", "conscrypt", "bouncycastle");
    }

    /** Each backend with each version. */
    static List<Object[]> backendsAndVersions() {
        return backends().stream()
                .flatMap(backend -> Stream.of(TlsVersion.values()).map(version -> new Object[] {backend, version}))
                .toList();
    }

    /** All backends and, first, {@code none}: no TLS at all. */
    static List<String> noneAndBackends() {
        return Stream.concat(Stream.of("none"), backends().stream()).toList();
    }
}
