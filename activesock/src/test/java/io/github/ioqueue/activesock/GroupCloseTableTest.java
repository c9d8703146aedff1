package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.testkit.PeerTruth;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ends that a group makes, on its own threads, with bytes queued; docs/closing.md has the table of what is seen. */
@Timeout(60)
class GroupCloseTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "closing.md");
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(30);

    private interface Act {
        void on(Scene scene) throws Exception;
    }

    private static final class Scene implements AutoCloseable {
        final PeerTruth truth = new PeerTruth("to the peer");
        final CompletableFuture<StreamSocket> open = new CompletableFuture<>();
        final CompletableFuture<CloseReason> reason = new CompletableFuture<>();
        final BlockingStream stream = new BlockingStream(LONG);
        final IoQueueGroup group;
        final Peer peer;

        Scene(FastTrack track, boolean blocking) throws Exception {
            group = IoQueueGroup.open(
                    1, IoQueueConfig.builder().fastTrack(track).build());
            ActiveListener listener = Listener.on(Rig.loopback(0))
                    .option(StandardSocketOptions.SO_SNDBUF, 8 << 10)
                    .open(group, accepted -> blocking ? stream : new Handler());
            peer = Peer.real(Rig.address(listener), truth);
        }

        private final class Handler implements StreamHandler {
            @Override
            public void onOpen(StreamSocket socket) {
                open.complete(socket);
            }

            @Override
            public void onData(StreamSocket socket, ByteBuffer in) {
                in.position(in.limit());
            }

            @Override
            public void onClosed(StreamSocket socket, CloseReason why) {
                reason.complete(why);
            }
        }

        StreamSocket sendMuch() throws Exception {
            StreamSocket socket = open.get(10, TimeUnit.SECONDS);
            assertThat(socket.send(ByteBuffer.allocate(CloseScene.MUCH))).isEqualTo(StreamSocket.Sent.TAKEN);
            truth.accepted(CloseScene.MUCH);
            return socket;
        }

        void writeMuch() throws Exception {
            stream.awaitOpen();
            stream.output().write(new byte[CloseScene.MUCH]);
            truth.accepted(CloseScene.MUCH);
        }

        @Override
        public void close() throws IOException {
            group.close();
            peer.close();
            assertThat(isClosed()).isTrue();
        }

        private boolean isClosed() {
            try {
                return group.awaitClosed(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final List<String> rows = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.activesock.Rig#tracks")
    void theTableIsWhatIsSeen(FastTrack track) throws Exception {
        see("`group.close()`", track, scene -> {
            scene.sendMuch();
            scene.group.close();
        });
        see("`socket.close()`, then `group.close()`", track, scene -> {
            scene.sendMuch().close();
            scene.group.close();
        });
        see("`shutdownOutput()`, then `group.close()`", track, scene -> {
            scene.sendMuch().shutdownOutput();
            scene.group.close();
        });
        see("the group is drained until the deadline", track, scene -> {
            scene.sendMuch();
            scene.group.drain(SHORT).get(10, TimeUnit.SECONDS);
        });
        seeBlocking("`BlockingStream.close()`, then `group.close()`", track, scene -> {
            scene.writeMuch();
            scene.peer.read();
            scene.stream.close();
            scene.group.close();
        });
        seeBlocking("`BlockingStream.output().close()`, then `BlockingStream.close()`", track, scene -> {
            scene.writeMuch();
            scene.peer.read();
            scene.stream.output().close();
            scene.stream.close();
            scene.group.close();
        });
        String table = String.join("\n", rows);
        assertThat(Files.readString(DOCUMENT))
                .as("the table as it should be:\n" + table)
                .contains(table + "\n");
    }

    private void see(String name, FastTrack track, Act act) throws Exception {
        try (Scene scene = new Scene(track, false)) {
            act.on(scene);
            CloseReason why = scene.reason.get(10, TimeUnit.SECONDS);
            rows.add("| " + name + " | `onClosed` " + CloseScene.text(why) + " | " + scene.peer.saw() + " |");
        }
    }

    private void seeBlocking(String name, FastTrack track, Act act) throws Exception {
        try (Scene scene = new Scene(track, true)) {
            act.on(scene);
            rows.add("| " + name + " | nothing | " + scene.peer.saw() + " |");
        }
    }
}
