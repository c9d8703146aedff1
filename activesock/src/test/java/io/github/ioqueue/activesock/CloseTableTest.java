package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a connection ends, observed in every world; docs/closing.md has the table of what is seen. */
class CloseTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "closing.md");
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final ByteBuffer MUCH = ByteBuffer.allocate(20 << 20);

    private interface Act {
        void on(StreamSocket socket, Peer peer) throws IOException;
    }

    private record Way(String name, StreamConfig config, boolean closesAtEnd, Act act) {}

    private static final StreamConfig PLAIN = StreamConfig.defaults().withMaxQueued(MUCH.capacity(), 10);

    private static List<Way> ways() {
        return Stream.of(ours(), thePeers(), deadlinesAndFaults())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Way> ours() {
        return List.of(
                way("`close()`", PLAIN, (socket, peer) -> socket.close()),
                way(
                        "`close()`, and the peer takes nothing until the deadline",
                        PLAIN.withCloseTimeout(SHORT),
                        (socket, peer) -> {
                            socket.send(MUCH.duplicate());
                            socket.close();
                        }),
                way("`shutdownOutput()`", PLAIN, (socket, peer) -> socket.shutdownOutput()),
                way("`abort()`", PLAIN, (socket, peer) -> socket.abort()),
                way(
                        "`abort(why)`",
                        PLAIN,
                        (socket, peer) -> socket.abort(CloseReason.of(new IOException("the user's")))),
                way(
                        "the queue is closed",
                        PLAIN,
                        (socket, peer) -> socket.queue().close()));
    }

    private static List<Way> thePeers() {
        return List.of(
                way("the peer ends its stream", PLAIN, (socket, peer) -> peer.shutdownOutput()),
                new Way(
                        "the peer ends its stream, and the handler sends on, then closes",
                        PLAIN,
                        false,
                        (socket, peer) -> peer.shutdownOutput()),
                way("the peer resets", PLAIN, (socket, peer) -> peer.reset()));
    }

    private static List<Way> deadlinesAndFaults() {
        return List.of(
                way("idle deadline", PLAIN.withIdleTimeout(SHORT), (socket, peer) -> {}),
                way("read deadline", PLAIN.withReadTimeout(SHORT), (socket, peer) -> {}),
                way(
                        "write-stalled deadline",
                        PLAIN.withStallTimeout(SHORT),
                        (socket, peer) -> socket.send(MUCH.duplicate())),
                way("the handler throws", PLAIN, (socket, peer) -> peer.write(1)),
                way(
                        "the handler takes nothing of a full remainder",
                        PLAIN.withMaxUnread(1),
                        (socket, peer) -> peer.write(2)));
    }

    private static Way way(String name, StreamConfig config, Act act) {
        return new Way(name, config, true, act);
    }

    /** Writes down its callbacks. Throws at a 1, takes nothing of a 2. */
    private static final class Witness implements StreamHandler {
        final List<String> heard = new ArrayList<>();
        final boolean closesAtEnd;
        StreamSocket socket;
        boolean closed;

        Witness(boolean closesAtEnd) {
            this.closesAtEnd = closesAtEnd;
        }

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
            heard.add("`onClosed` " + why.kind());
            closed = true;
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.activesock.World#all")
    void theTableIsWhatIsSeen(World world) throws Exception {
        Map<String, String> seen = new LinkedHashMap<>();
        for (Way way : ways()) {
            seen.put(way.name(), observe(way, world));
        }
        String table = seen.entrySet().stream()
                .map(row -> "| " + row.getKey() + " | " + row.getValue() + " |")
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(DOCUMENT))
                .as("the table as it should be:\n" + table)
                .contains(table + "\n");
    }

    private static String observe(Way way, World world) throws IOException {
        try (Rig rig = new Rig(world)) {
            Witness witness = new Witness(way.closesAtEnd());
            ActiveListener listener =
                    Listener.on(Rig.loopback(0)).config(way.config()).open(rig.queue, socket -> witness);
            try (Peer peer = Peer.connect(rig, Rig.address(listener))) {
                rig.until("it is open", () -> peer.isOpen() && witness.socket != null);
                rig.run(listener::close);
                way.act().on(witness.socket, peer);
                boolean stalls =
                        way.name().contains("takes nothing until") || way.name().contains("stalled");
                if (!stalls) {
                    peer.read();
                }
                while (!witness.closed) {
                    rig.queue.poll(1_000_000);
                    peer.poll();
                }
                rig.queue.poll(0);
                return String.join(", ", witness.heard) + " | " + peer.saw();
            }
        }
    }
}
