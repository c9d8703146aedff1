package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deadlines in every world: never early, never for the wrong reason; and in virtual time not late either, whatever the
 * network says of sockets that are not ready. {@link DeadlinesTest} has them to the second on a plain network.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ioqueue.activesock.World#all")
class DeadlineConversationTest {

    private static final ByteBuffer MUCH = ByteBuffer.allocate(16 << 20);
    private static final StreamConfig PLAIN =
            StreamConfig.defaults().withMaxQueued(MUCH.capacity(), 100).withStallTimeout(Duration.ZERO);

    private final Rig rig;
    private final Recorder cut;
    private final Recorder peer;
    private final Duration timeout;
    private final boolean isExact;

    DeadlineConversationTest(World world) throws IOException {
        rig = new Rig(world);
        cut = rig.recorder();
        peer = rig.recorder();
        isExact = world.isSimulated();
        timeout = Duration.ofMillis(isExact ? 20_000 : 40);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** Opens a connection whose one end has the deadline. */
    private long open(StreamConfig config) throws IOException {
        ActiveListener listener = Listener.on(Rig.loopback(0)).config(config).open(rig.queue, socket -> cut);
        Connector.to(Rig.address(listener)).config(PLAIN).open(rig.queue, peer);
        rig.until("both are open", () -> cut.opened && peer.opened);
        listener.close();
        return rig.now();
    }

    private void assertCut(String word, long since) {
        rig.until("it is cut", cut::closed);
        long after = rig.now() - since;
        assertThat(cut.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
        assertThat(cut.reason.cause()).isInstanceOf(DeadlineException.class).hasMessageStartingWith(word);
        if (isExact) {
            assertThat(after).isBetween(0L, timeout.plusSeconds(2).toNanos());
        }
        rig.run(() -> peer.socket().resumeReading());
        rig.until("the peer is told", peer::closed);
        assertThat(peer.kind()).isEqualTo(CloseReason.Kind.RESET);
    }

    @Test
    void idle() throws Exception {
        assertCut("idle", open(PLAIN.withIdleTimeout(timeout)));
    }

    @Test
    void read() throws Exception {
        assertCut("read", open(PLAIN.withReadTimeout(timeout)));
    }

    @Test
    void writeStalled() throws Exception {
        peer.open = StreamSocket::pauseReading;
        open(PLAIN.withStallTimeout(timeout));
        long start = rig.onLoop(() -> {
            assertThat(cut.socket().send(MUCH.duplicate())).isEqualTo(Sent.TAKEN);
            return rig.now();
        });
        assertCut("write stalled", start);
        assertThat(peer.in.size()).isLessThan(MUCH.capacity());
    }

    @Test
    void closing() throws Exception {
        peer.open = StreamSocket::pauseReading;
        open(PLAIN.withCloseTimeout(timeout));
        long start = rig.onLoop(() -> {
            cut.socket().send(MUCH.duplicate());
            cut.socket().close();
            return rig.now();
        });
        assertCut("close", start);
    }

    @Test
    void whoTalksAndReadsIsNotCut() throws Exception {
        cut.data = (socket, in) -> socket.send(in);
        open(PLAIN.withIdleTimeout(timeout).withReadTimeout(timeout).withStallTimeout(timeout));
        long stepNanos = timeout.dividedBy(4).toNanos();
        int steps = isExact ? 20 : 8;
        for (int i = 0; i < steps; i++) {
            rig.queue.schedule(i * stepNanos, () -> peer.socket().send(ByteBuffer.allocate(100)));
        }
        rig.until("all came back", () -> peer.in.size() == 100 * steps || cut.closed());
        if (isExact) {
            assertThat(cut.closed()).as("%s", cut).isFalse();
        }
    }
}
