package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.testkit.PeerTruth;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An accepted socket that ends, its peer, and what both see of it. */
final class CloseScene implements AutoCloseable {

    /** More than a connection holds between its two applications. */
    static final int MUCH = 256 << 10;

    private static final int NARROW = 8 << 10;
    private static final Pattern UNSENT = Pattern.compile("(\\d+) bytes were not sent");

    final Witness witness = new Witness();
    final PeerTruth truth = new PeerTruth("to the peer");
    final Rig rig;
    final ActiveListener listener;
    final Peer peer;

    @Nullable CompletableFuture<DrainReport> drained;

    private IOException writing;
    private IOException reading;

    /** Connects the two, through an address of this kind. */
    CloseScene(World world, SocketAddress address, StreamConfig config) throws IOException {
        rig = Rig.failing(world, () -> writing, () -> reading);
        listener = Listener.on(address)
                .option(StandardSocketOptions.SO_SNDBUF, NARROW)
                .config(config)
                .open(rig.queue, socket -> witness);
        peer = Peer.connect(rig, Rig.address(listener), truth);
        rig.until("it is open", () -> peer.isOpen() && witness.socket != null);
        rig.run(listener::close);
    }

    /** Notes its callbacks. Throws at a 1, takes nothing of a 2. */
    static final class Witness implements StreamHandler {
        final List<String> heard = new ArrayList<>();
        boolean closesAtEnd = true;
        boolean throwing = true;
        StreamSocket socket;
        CloseReason reason;

        @Override
        public void onOpen(StreamSocket opened) {
            socket = opened;
        }

        @Override
        public void onData(StreamSocket from, ByteBuffer in) {
            if (in.get(in.position()) == 1) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void onEnd(StreamSocket from) {
            heard.add("`onEnd`");
            if (!closesAtEnd) {
                from.send(ByteBuffer.wrap(new byte[] {42}));
            }
            from.close();
        }

        @Override
        public void onClosed(StreamSocket from, CloseReason why) {
            heard.add("`onClosed` " + text(why));
            reason = why;
        }
    }

    /** A reason as the tables name it. */
    static String text(CloseReason why) {
        return why.kind() + (unsent(why) > 0 ? ", bytes unsent" : "");
    }

    /** The number of bytes that the reason's text names. */
    private static long unsent(CloseReason why) {
        Matcher text = UNSENT.matcher(why.toString());
        return text.find() ? Long.parseLong(text.group(1)) : 0;
    }

    StreamSocket socket() {
        return witness.socket;
    }

    /** Sends so much that a part of it stays queued while the peer does not read. */
    void sendMuch() {
        rig.run(() -> {
            assertThat(socket().send(ByteBuffer.allocate(MUCH))).isEqualTo(StreamSocket.Sent.TAKEN);
            truth.accepted(MUCH);
        });
        rig.rounds(3);
        assertThat(socket().queuedBytes()).isPositive();
    }

    void failWrites() {
        writing = new IOException("a write that fails on purpose");
    }

    void failReads() {
        reading = new IOException("a read that fails on purpose");
    }

    /** Polls until it is closed; returns what its handler has heard, and what the peer's application has seen. */
    String awaitEnd() {
        while (witness.reason == null) {
            rig.queue.poll(1_000_000);
            peer.poll();
        }
        rig.queue.poll(0);
        String seen = peer.saw();
        assertThat(drained == null || drained.isDone()).as("drained").isTrue();
        assertThat(truth.receivedBytes())
                .as("received, of %s bytes accepted and %s", truth.acceptedBytes(), witness.reason)
                .isLessThanOrEqualTo(truth.acceptedBytes() - unsent(witness.reason));
        return String.join(", ", witness.heard) + " | " + seen;
    }

    @Override
    public void close() throws IOException {
        try (rig) {
            peer.close();
        }
    }
}
