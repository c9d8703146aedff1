package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocking streams in every world, with the ledger on: two threads that wait, beside the one that polls. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ioqueue.activesock.World#all")
class BlockingConversationTest {

    private static final int TOTAL = 200_000;
    /** Without deadlines of the connection: where time is virtual it runs on while real threads are waited for. */
    private static final StreamConfig SMALL = StreamConfig.defaults()
            .withMaxQueued(5000, 20)
            .withMaxUnread(3000)
            .withStallTimeout(Duration.ZERO)
            .withCloseTimeout(Duration.ofDays(365));

    private final World world;

    BlockingConversationTest(World world) {
        this.world = world;
    }

    private interface Blocking {
        void run() throws IOException;
    }

    /** On a thread of its own: in a pool the one that waits could keep the other from running. */
    private static CompletableFuture<Void> async(Blocking task) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                run -> new Thread(run, "blocking").start());
    }

    @Test
    void everyByteComesBackAndTheEndBehindIt() throws Exception {
        try (Rig rig = Rig.forThreads(world)) {
            Recorder server = rig.recorder();
            server.data = (socket, in) -> {
                if (socket.send(in) == Sent.FULL) {
                    socket.pauseReading();
                }
            };
            server.writable = StreamSocket::resumeReading;
            BlockingStream stream = new BlockingStream(Duration.ofSeconds(20));
            ActiveListener listener = Listener.on(Rig.loopback(0)).config(SMALL).open(rig.queue, socket -> server);
            Connector.to(Rig.address(listener)).config(SMALL).open(rig.queue, stream);
            CompletableFuture<Void> writer = async(() -> {
                for (int at = 0; at < TOTAL; at += 1000) {
                    stream.output().write(Bytes.array(at, 1000));
                }
                stream.output().close();
            });
            byte[][] in = new byte[1][];
            CompletableFuture<Void> reader = async(() -> {
                stream.awaitOpen();
                in[0] = stream.input().readAllBytes();
                stream.close();
            });
            rig.until("both are through", () -> writer.isDone() && reader.isDone() && server.closed());
            writer.get(1, TimeUnit.SECONDS);
            reader.get(1, TimeUnit.SECONDS);
            assertThat(in[0]).isEqualTo(Bytes.array(TOTAL));
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.PEER_END);
        }
    }

    @Test
    void oneThatIsClosedBeforeItIsOpenIsClosedAsSoonAsItIs() throws Exception {
        try (Rig rig = Rig.forThreads(world)) {
            Recorder server = rig.recorder();
            BlockingStream stream = new BlockingStream(Duration.ofSeconds(20));
            ActiveListener listener = Listener.on(Rig.loopback(0)).open(rig.queue, socket -> server);
            Connector.to(Rig.address(listener)).open(rig.queue, stream);
            stream.close();
            rig.until("the server is told", server::closed);
            assertThat(server.kind()).isEqualTo(CloseReason.Kind.PEER_END);
        }
    }
}
