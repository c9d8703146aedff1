package io.github.ioqueue.tests.tls;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** A TLS socket on a queue that the test polls by a clock of its own, and its peer, led by hand. */
final class CloseScene implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    final ManualClock clock = new ManualClock();
    final List<Throwable> errors = new ArrayList<>();
    final Witness witness = new Witness();
    private final CompletionLedger ledger = new CompletionLedger();
    private final IoQueue queue;
    HandPeer peer;
    SslSocket socket;

    CloseScene(FastTrack track) throws IOException {
        queue = IoQueue.open(IoQueueConfig.builder()
                .fastTrack(track)
                .nanoClock(clock)
                .probe(ledger)
                .errorHandler((q, key, error) -> errors.add(error))
                .build());
    }

    /** Writes down its callbacks. Throws at a 1, takes nothing of a 2. */
    static final class Witness implements StreamHandler {
        final List<String> heard = new ArrayList<>();
        boolean closesAtEnd = true;
        boolean sendsAtEnd;
        boolean opened;
        boolean ended;
        boolean closed;

        @Override
        public void onOpen(StreamSocket from) {
            opened = true;
        }

        @Override
        public void onData(StreamSocket from, ByteBuffer in) {
            switch (in.get(in.position())) {
                case 1 -> throw new IllegalStateException("on purpose");
                case 2 -> {} // leaves it
                default -> {
                    in.position(in.limit());
                    heard.add("`onData`");
                }
            }
        }

        @Override
        public void onEnd(StreamSocket from) {
            ended = true;
            heard.add("`onEnd`");
            if (sendsAtEnd) {
                from.send(new WriteOp(ByteBuffer.allocate(100)));
            }
            if (closesAtEnd) {
                from.close();
            }
        }

        @Override
        public void onSent(StreamSocket from, WriteOp op) {
            heard.add(op.failure() == null ? "`onSent`" : "`onSent` with its failure");
        }

        @Override
        public void onClosed(StreamSocket from, CloseReason why) {
            String reason = why.cause() instanceof TlsException failure ? " by `" + failure.reason() + "`" : "";
            heard.add("`onClosed` " + why.kind() + reason);
            closed = true;
        }
    }

    /** Connects the two. */
    void connect(boolean server, TlsContext ours, TlsContext thePeers, StreamConfig config) throws IOException {
        if (server) {
            Socket there = new Socket();
            there.setReceiveBufferSize(4096);
            ActiveListener listener = Listener.on(new InetSocketAddress(LOOPBACK, 0))
                    .option(StandardSocketOptions.SO_SNDBUF, 64 << 10)
                    .config(config)
                    .open(queue, accepted -> starter(below -> SslSocket.server(below, ours, witness, config)));
            there.connect(listener.localAddress());
            until("it is accepted", () -> socket != null);
            run(listener::close);
            peer = new HandPeer(there, thePeers.client("localhost", 1));
        } else {
            try (ServerSocket listener = new ServerSocket()) {
                listener.setReceiveBufferSize(4096);
                listener.bind(new InetSocketAddress(LOOPBACK, 0));
                Connector.to(listener.getLocalSocketAddress())
                        .option(StandardSocketOptions.SO_SNDBUF, 64 << 10)
                        .config(config)
                        .open(queue, starter(below -> SslSocket.client(below, ours, "localhost", 1, witness, config)));
                until("it is connected", () -> socket != null);
                peer = new HandPeer(listener.accept(), thePeers.server());
            }
        }
    }

    private interface Start {
        SslSocket on(StreamSocket below) throws TlsException;
    }

    private StreamHandler starter(Start start) {
        return new StreamHandler() {
            @Override
            public void onOpen(StreamSocket below) {
                try {
                    socket = start.on(below);
                } catch (TlsException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void onData(StreamSocket below, ByteBuffer in) {
                throw new AssertionError("TLS has begun");
            }
        };
    }

    void handshake() throws Exception {
        during(peer::handshake, () -> witness.opened);
    }

    /** Polls until the condition holds, and the peer has done what it does meanwhile. */
    void during(Act thePeers, BooleanSupplier condition) throws Exception {
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        thePeers.run();
                    } catch (Exception e) {
                        failure.set(e);
                    }
                },
                "peer");
        thread.start();
        until("it and its peer are through", () -> condition.getAsBoolean() && !thread.isAlive());
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    interface Act {
        void run() throws Exception;
    }

    /** Runs on the loop, in a turn of its own. */
    void run(Act task) {
        boolean[] done = {false};
        queue.execute(() -> {
            try {
                task.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                done[0] = true;
            }
        });
        until("the task has run", () -> done[0]);
    }

    /** Polls until nothing moves. */
    void settle() {
        for (int quiet = 0; quiet < 5; ) {
            quiet = queue.poll(TimeUnit.MILLISECONDS.toNanos(1)) == 0 ? quiet + 1 : 0;
        }
    }

    /** Has nothing happen for so long. */
    void pass(Duration time) {
        settle();
        clock.advance(time.toNanos());
        settle();
    }

    void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TlsRig.DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("in vain waited until " + what + ": " + socket + "; heard " + witness.heard
                        + "; the peer saw " + (peer == null ? "nothing" : peer.seen()) + "; errors " + errors);
            }
            queue.poll(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Judges: everything has ended, and no buffer is out. */
    @Override
    public void close() throws IOException {
        if (!queue.isClosing()) {
            run(() -> {
                long lent = queue.buffers().lentBytes();
                if (lent != 0) {
                    throw new AssertionError(lent + " bytes of buffers are out: " + socket);
                }
            });
        }
        queue.close();
        peer.close();
        ledger.verify();
    }
}
