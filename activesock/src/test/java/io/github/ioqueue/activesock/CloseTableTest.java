package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a connection ends, observed in every world; docs/closing.md has the tables of what is seen. */
class CloseTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "closing.md");
    private static final Duration SHORT = Duration.ofMillis(30);

    @TempDir
    private Path folder;

    private interface Act {
        void on(CloseScene scene) throws IOException;
    }

    /** One of them; {@code late} if the peer begins to read when the socket is closed. */
    private record Way(String name, StreamConfig config, boolean late, Act act) {

        Way with(StreamConfig other) {
            return new Way(name, other, late, act);
        }

        Way readLate() {
            return new Way(name, config, true, act);
        }
    }

    private static final StreamConfig PLAIN = StreamConfig.defaults();

    private static List<Way> ways() {
        return Stream.of(ours(), theQueues(), thePeers(), faults())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Way> ours() {
        return List.of(
                way("`close()`", scene -> scene.socket().close()),
                queued("`close()`", scene -> scene.socket().close()),
                closeUntilTheDeadline(),
                way("`shutdownOutput()`", scene -> scene.socket().shutdownOutput()),
                queued("`shutdownOutput()`", scene -> scene.socket().shutdownOutput()),
                way("`abort()`", scene -> scene.socket().abort()),
                queuedAbort(),
                way("`abort(why)`", scene -> scene.socket().abort(CloseReason.of(new IOException("the user's")))));
    }

    private static Way closeUntilTheDeadline() {
        return queued(
                        "`close()`, and the peer takes nothing until the deadline",
                        scene -> scene.socket().close())
                .with(PLAIN.withCloseTimeout(SHORT))
                .readLate();
    }

    private static Way queuedAbort() {
        return queued("`abort()`", scene -> scene.socket().abort());
    }

    private static List<Way> theQueues() {
        return List.of(
                way("the queue is closed", scene -> scene.rig.queue.close()),
                queueClosed(),
                queued("`close()`, then the queue is closed", scene -> {
                            scene.rig.run(scene.socket()::close);
                            scene.rig.queue.close();
                        })
                        .readLate(),
                queued("`shutdownOutput()`, then the queue is closed", scene -> {
                            scene.rig.run(scene.socket()::shutdownOutput);
                            scene.rig.queue.close();
                        })
                        .readLate(),
                queued("the queue is drained until the deadline", scene -> scene.drained = scene.rig.queue.drain(SHORT))
                        .readLate(),
                queued(
                                "the listener is drained until the deadline",
                                scene -> scene.drained = scene.listener.drain(SHORT))
                        .readLate());
    }

    private static Way queueClosed() {
        return queued("the queue is closed", scene -> scene.rig.queue.close()).readLate();
    }

    private static List<Way> thePeers() {
        return List.of(
                way("the peer ends its stream", scene -> scene.peer.shutdownOutput()),
                queued("the peer ends its stream", scene -> scene.peer.shutdownOutput()),
                way("the peer ends its stream, and the handler sends on, then closes", scene -> {
                    scene.witness.closesAtEnd = false;
                    scene.truth.accepted(1);
                    scene.peer.shutdownOutput();
                }),
                way("the peer resets", scene -> scene.peer.reset()));
    }

    private static List<Way> faults() {
        return List.of(
                way("idle deadline", scene -> {}).with(PLAIN.withIdleTimeout(SHORT)),
                way("read deadline", scene -> {}).with(PLAIN.withReadTimeout(SHORT)),
                queued("write-stalled deadline", scene -> {})
                        .with(PLAIN.withStallTimeout(SHORT))
                        .readLate(),
                way("the handler throws", scene -> scene.peer.write(1)),
                handlerThrows(),
                way("the handler takes nothing of a full remainder", scene -> scene.peer.write(2))
                        .with(PLAIN.withMaxUnread(1)),
                queued("the handler takes nothing of a full remainder", scene -> scene.peer.write(2))
                        .with(PLAIN.withMaxUnread(1))
                        .readLate(),
                queued("a write fails", CloseScene::failWrites),
                queued("a read fails", scene -> {
                            scene.failReads();
                            scene.peer.write(3);
                        })
                        .readLate());
    }

    private static Way handlerThrows() {
        return queued("the handler throws", scene -> scene.peer.write(1)).readLate();
    }

    /** Those of Unix-domain sockets. Nothing can reset one of them but its close with input that was not read. */
    private static List<Way> unix() {
        return List.of(
                way("`close()`", scene -> scene.socket().close()),
                queued("`close()`", scene -> scene.socket().close()),
                closeUntilTheDeadline(),
                way("`abort()`", scene -> scene.socket().abort()),
                queuedAbort(),
                queued("`abort()`, and input is unread", scene -> {
                            scene.rig.run(scene.socket()::pauseReading);
                            scene.rig.rounds(3);
                            scene.peer.write(3);
                            scene.socket().abort();
                        })
                        .readLate(),
                queueClosed(),
                handlerThrows(),
                queued("the peer ends its stream", scene -> scene.peer.shutdownOutput()));
    }

    private static Way way(String name, Act act) {
        return new Way(name, PLAIN, false, act);
    }

    /** The same with bytes queued. */
    private static Way queued(String name, Act act) {
        return new Way(name + "; bytes are queued", PLAIN, false, scene -> {
            scene.sendMuch();
            act.on(scene);
        });
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.activesock.World#all")
    void theTableIsWhatIsSeen(World world) throws Exception {
        assertThatTheDocumentHas(see(ways(), world, Rig.loopback(0)));
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.activesock.World#real")
    void theTableOfUnixDomainSocketsIsWhatIsSeen(World world) throws Exception {
        assertThatTheDocumentHas(see(unix(), world, UnixDomainSocketAddress.of(folder.resolve("s"))));
    }

    private static void assertThatTheDocumentHas(List<String> rows) throws IOException {
        String table = String.join("\n", rows);
        assertThat(Files.readString(DOCUMENT))
                .as("the table as it should be:\n" + table)
                .contains(table + "\n");
    }

    private static List<String> see(List<Way> ways, World world, SocketAddress address) throws IOException {
        List<String> rows = new ArrayList<>();
        for (Way way : ways) {
            try (CloseScene scene = new CloseScene(world, address, way.config())) {
                way.act().on(scene);
                if (!way.late()) {
                    scene.peer.read();
                }
                rows.add("| " + way.name() + " | " + scene.awaitEnd() + " |");
            } catch (AssertionError e) {
                throw new AssertionError(way.name() + ": " + e.getMessage(), e);
            }
        }
        return rows;
    }
}
