package io.github.ioqueue.tests.tls;

import io.github.ioqueue.FastTrack;
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
import io.github.ioqueue.testkit.PeerTruth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A TLS socket on a queue that the test polls by a clock of its own, and its peer, led by hand. */
final class CloseScene extends PolledQueue {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** More than the system's buffers hold. */
    static final int MUCH = 2 << 20;

    final PeerTruth truth = new PeerTruth("to the peer");
    final Witness witness = new Witness(truth);
    HandPeer peer;
    SslSocket socket;

    CloseScene(FastTrack track) throws IOException {
        super(IoQueueConfig.builder().fastTrack(track));
    }

    /** Writes down its callbacks. Throws at a 1, takes nothing of a 2. */
    static final class Witness implements StreamHandler {
        final List<String> heard = new ArrayList<>();
        private final PeerTruth truth;
        boolean closesAtEnd = true;
        boolean sendsAtEnd;
        Consumer<StreamSocket> answer = from -> {};
        boolean opened;
        boolean ended;
        boolean closed;

        Witness(PeerTruth truth) {
            this.truth = truth;
        }

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
                    answer.accept(from);
                }
            }
        }

        @Override
        public void onEnd(StreamSocket from) {
            ended = true;
            heard.add("`onEnd`");
            if (sendsAtEnd) {
                sendOp(from, 100);
            }
            if (closesAtEnd) {
                from.close();
            }
        }

        void sendOp(StreamSocket to, int bytes) {
            switch (to.send(new WriteOp(ByteBuffer.allocate(bytes)))) {
                case PENDING, DONE -> truth.accepted(bytes);
                default -> {
                    // nothing is accepted
                }
            }
        }

        void send(StreamSocket to, int bytes) {
            if (to.send(ByteBuffer.allocate(bytes)) == StreamSocket.Sent.TAKEN) {
                truth.accepted(bytes);
            }
        }

        @Override
        public void onWritable(StreamSocket from) {
            heard.add(opened ? "`onWritable`" : "`onWritable` before `onOpen`");
        }

        @Override
        public void onSent(StreamSocket from, WriteOp op) {
            heard.add(op.failure() == null ? "`onSent`" : "`onSent` with its failure");
        }

        @Override
        public void onClosed(StreamSocket from, CloseReason why) {
            String reason = why.cause() instanceof TlsException failure ? " by `" + failure.reason() + "`" : "";
            boolean unsent = why.toString().contains("bytes were not sent");
            heard.add("`onClosed` " + why.kind() + reason + (unsent ? ", bytes unsent" : ""));
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
            peer = new HandPeer(there, thePeers.client("localhost", 1), truth);
        } else {
            try (ServerSocket listener = new ServerSocket()) {
                listener.setReceiveBufferSize(4096);
                listener.bind(new InetSocketAddress(LOOPBACK, 0));
                Connector.to(listener.getLocalSocketAddress())
                        .option(StandardSocketOptions.SO_SNDBUF, 64 << 10)
                        .config(config)
                        .open(queue, starter(below -> SslSocket.client(below, ours, "localhost", 1, witness, config)));
                until("it is connected", () -> socket != null);
                peer = new HandPeer(listener.accept(), thePeers.server(), truth);
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

    /** Sends in a callback; returns at once, also if most is queued then. */
    void send(int bytes) {
        run(() -> witness.send(socket, bytes));
    }

    void sendOp(int bytes) {
        run(() -> witness.sendOp(socket, bytes));
    }

    /** Sends so much that a part of it stays queued while the peer does not read. */
    void sendMuch() {
        send(MUCH);
        settle();
        if (socket.queuedBytes() == 0) {
            throw new AssertionError("nothing is queued");
        }
    }

    void handshake() throws Exception {
        during(peer::handshake, () -> witness.opened);
    }

    @Override
    public String toString() {
        return socket + "; heard " + witness.heard + "; the peer saw " + (peer == null ? "nothing" : peer.seen());
    }

    @Override
    public void close() throws IOException {
        super.close();
        peer.close();
    }
}
