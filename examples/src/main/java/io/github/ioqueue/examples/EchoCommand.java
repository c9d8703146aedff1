package io.github.ioqueue.examples;

import io.github.ioqueue.ErrorHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.AcceptHandler;
import io.github.ioqueue.activesock.ActiveDatagram;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.DatagramHandler;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ioq echo}: sends back what comes in, until SIGTERM or SIGINT. */
@Command(
        name = "echo",
        description =
                "Echoes raw bytes. Prints READY <port> when it listens. SIGTERM or SIGINT drains it: it accepts no"
                        + " more connections, echoes what has come, ends each connection when its reads find nothing, and"
                        + " prints a summary.",
        exitCodeList = {
            "0:a signal ended it, and every connection was drained",
            "1:failure, or a connection was cut",
            "2:wrong arguments"
        },
        exitCodeListHeading = "Exit codes:%n")
class EchoCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private Transport transport = new Transport();

    @Mixin
    private ServerTls tls = new ServerTls();

    @Option(names = "--port", required = true, description = "The port to listen on; 0: any that is free.")
    private int port;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The address to listen on; default 127.0.0.1.")
    private String host = "127.0.0.1";

    @Option(names = "--loops", paramLabel = "N", defaultValue = "1", description = "How many event loops; default 1.")
    private int loops = 1;

    @Option(names = "--udp", description = "Datagrams instead of streams; one loop.")
    private boolean udp;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long connections may take to end after a signal; then they are cut. Default 30.")
    private int drainSeconds = 30;

    private final LongAdder connections = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final CompletableFuture<Throwable> loopDied = new CompletableFuture<>();
    private final Completions completions = new Completions();

    EchoCommand() {}

    @Override
    public Integer call() throws IOException {
        if (port < 0 || port > 0xffff || loops < 1 || drainSeconds < 0 || (udp && (loops > 1 || tls.isOn()))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a port is from 0 to 65535, there is at least one loop (for UDP just one, and no TLS), and"
                            + " --drain is not negative");
        }
        StreamLayer layer = tls.layer();
        IoQueueGroup group = IoQueueGroup.open(loops, config().build());
        SocketAddress address = listen(group, layer);
        EchoShutdown shutdown =
                new EchoShutdown(group, Duration.ofSeconds(drainSeconds), timedOut, tls::deleteFiles, this::summary);
        shutdown.register();
        try {
            announce(((InetSocketAddress) address).getPort());
            opened(group);
            throw new IOException("an event loop has died: " + Failures.tell(loopDied.join()));
        } catch (IOException e) {
            shutdown.failed();
            throw e;
        }
    }

    private static void announce(int port) throws IOException {
        System.out.println("READY " + port);
        if (System.out.checkError()) {
            throw new IOException("cannot write READY " + port + " to standard output");
        }
    }

    /** How the queues work; tests change it. */
    IoQueueConfig.Builder config() {
        return transport.config().probe(completions).errorHandler(this::onError);
    }

    /** Called once, when the server listens; for tests. */
    void opened(IoQueueGroup group) {}

    private void onError(IoQueue queue, @Nullable IoKey key, Throwable error) {
        if (key == null && queue.isClosing()) {
            loopDied.complete(error);
        }
        ErrorHandler.logging().onError(queue, key, error);
    }

    private SocketAddress listen(IoQueueGroup group, StreamLayer layer) throws IOException {
        InetSocketAddress local = new InetSocketAddress(host, port);
        if (local.isUnresolved()) {
            throw new IOException("no such host: " + host);
        }
        try {
            return Objects.requireNonNull(
                    udp ? listenForDatagrams(group, local) : listenForStreams(group, local, layer));
        } catch (SocketException | UnsupportedOperationException | IllegalArgumentException e) {
            throw new IOException(
                    "cannot listen on " + local.getHostString() + ", port " + port + ": " + Failures.tell(e), e);
        }
    }

    private @Nullable SocketAddress listenForStreams(IoQueueGroup group, SocketAddress local, StreamLayer layer)
            throws IOException {
        // 256 KiB on their way back to a peer are plenty; one that does not read its rest has a minute to do so.
        StreamConfig config =
                StreamConfig.defaults().withMaxQueued(256 << 10, 1024).withCloseTimeout(Duration.ofMinutes(1));
        Listener listener = Listener.on(local).config(config).through(layer);
        transport.options(listener::option);
        return listener.open(group, new Streams()).localAddress();
    }

    private final class Streams implements AcceptHandler {
        private long lastTold;

        @Override
        public StreamHandler onAccept(StreamSocket accepted) {
            connections.increment();
            return new EchoHandler(bytes, timedOut);
        }

        /** Tells of one failure a second at most: bad peers must not flood the terminal. */
        @Override
        public void onAcceptFailed(ActiveListener listener, IOException failure) {
            failed.increment();
            long now = System.nanoTime();
            if (failed.sum() == 1 || now - lastTold > TimeUnit.SECONDS.toNanos(1)) {
                lastTold = now;
                System.err.println("ioq echo: a connection failed: " + Failures.tell(failure));
            }
        }
    }

    private @Nullable SocketAddress listenForDatagrams(IoQueueGroup group, SocketAddress local) throws IOException {
        ActiveDatagram socket = ActiveDatagram.open(group.next(), local, new EchoDatagrams());
        IOException[] failure = new IOException[1];
        transport.options((name, value) -> {
            try {
                socket.socket().option(name, value);
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return socket.localAddress();
    }

    private String summary() {
        return "echo: "
                + (udp
                        ? connections + " datagrams, " + dropped + " dropped"
                        : connections + " connections, " + failed + " failed")
                + ", " + bytes + " bytes; " + completions + "; " + transport
                + (tls.isOn() ? ", " + tls : "");
    }

    /** A datagram that there is no room for is dropped, as the network may do, too. */
    private final class EchoDatagrams implements DatagramHandler {
        @Override
        public void onDatagram(ActiveDatagram socket, SocketAddress sender, ByteBuffer data) {
            int n = data.remaining();
            connections.increment();
            if (socket.send(data, sender) == Sent.TAKEN) {
                bytes.add(n);
            } else {
                dropped.increment();
            }
        }

        @Override
        public void onFailure(ActiveDatagram socket, IOException failure) {
            dropped.increment();
        }
    }
}
