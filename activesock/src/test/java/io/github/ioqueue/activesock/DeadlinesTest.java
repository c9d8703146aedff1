package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The deadlines of an open connection, to the second, in virtual time. */
@ParameterizedClass
@MethodSource("io.github.ioqueue.activesock.Rig#tracks")
class DeadlinesTest {

    private static final Duration FIVE = Duration.ofSeconds(5);
    private static final int MANY = 900_000;

    private final CompletionLedger ledger = new CompletionLedger();
    private final SimulatedNetwork network = new SimulatedNetwork((fault, outcomes) -> 0);
    private final IoQueue queue;
    private final Recorder server = new Recorder();
    private final Recorder client = new Recorder();
    private long start;

    DeadlinesTest(FastTrack track) throws IOException {
        queue = IoQueue.open(IoQueueConfig.builder()
                .backend(network)
                .nanoClock(network.clock())
                .fastTrack(track)
                .probe(ledger)
                .build());
    }

    @AfterEach
    void close() {
        queue.close();
        ledger.verify();
    }

    /** Opens a connection whose accepted end has the deadlines under test. */
    private void open(UnaryOperator<StreamConfig> deadlines) throws IOException {
        StreamConfig config = deadlines.apply(StreamConfig.defaults().withStallTimeout(Duration.ZERO));
        ActiveListener listener = Listener.on(Rig.loopback(7)).config(config).open(queue, socket -> server);
        Connector.to(Rig.address(listener))
                .config(StreamConfig.defaults().withStallTimeout(Duration.ZERO))
                .open(queue, client);
        while (!server.opened || !client.opened) {
            queue.poll(0);
        }
        listener.close();
        start = now();
    }

    private long now() {
        return network.clock().getAsLong();
    }

    private void at(int seconds, Runnable task) {
        long due = start + TimeUnit.SECONDS.toNanos(seconds);
        queue.schedule(due - now(), task);
    }

    /** After how many seconds the accepted end was closed; -1 if it is open after so many. */
    private long closedWithin(int seconds) {
        boolean[] over = {false};
        at(seconds, () -> over[0] = true);
        while (!server.closed() && !over[0]) {
            queue.poll(Long.MAX_VALUE);
        }
        return server.closed() ? TimeUnit.NANOSECONDS.toSeconds(now() - start) : -1;
    }

    private void assertTimedOut(String word) {
        assertThat(server.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
        assertThat(server.reason.cause()).isInstanceOf(DeadlineException.class).hasMessageStartingWith(word);
    }

    private static void send(Recorder from, int bytes) {
        assertThat(from.socket().send(ByteBuffer.allocate(bytes))).isEqualTo(Sent.TAKEN);
    }

    // ---- idle

    @Test
    void withoutAnyOfThemAConnectionMayRest() throws Exception {
        open(config -> config);
        assertThat(closedWithin(1_000_000)).isEqualTo(-1);
    }

    @Test
    void oneThatNeverSaysAnythingIsIdle() throws Exception {
        open(config -> config.withIdleTimeout(FIVE));
        assertThat(closedWithin(100)).isEqualTo(5);
        assertTimedOut("idle");
    }

    @Test
    void idleCountsFromTheLastBytesThatCame() throws Exception {
        open(config -> config.withIdleTimeout(FIVE));
        at(3, () -> send(client, 1));
        at(6, () -> send(client, 1));
        assertThat(closedWithin(100)).isEqualTo(11);
    }

    @Test
    void idleCountsFromTheLastBytesThatWent() throws Exception {
        open(config -> config.withIdleTimeout(FIVE));
        at(4, () -> send(server, 1));
        at(8, () -> send(server, MANY));
        assertThat(closedWithin(100)).isEqualTo(13);
    }

    @Test
    void idleRunsOnWhileReadingIsPaused() throws Exception {
        open(config -> config.withIdleTimeout(FIVE));
        at(1, () -> server.socket().pauseReading());
        at(4, () -> send(client, 1));
        assertThat(closedWithin(100)).isEqualTo(5);
    }

    // ---- read

    @Test
    void whoReadsWaitsNoLongerThanAllowed() throws Exception {
        open(config -> config.withReadTimeout(FIVE));
        at(3, () -> send(client, 1));
        at(4, () -> send(server, 1)); // is none of its business
        assertThat(closedWithin(100)).isEqualTo(8);
        assertTimedOut("read");
    }

    @Test
    void whoDoesNotReadDoesNotWait() throws Exception {
        open(config -> config.withReadTimeout(FIVE));
        at(1, () -> server.socket().pauseReading());
        at(20, () -> server.socket().resumeReading());
        assertThat(closedWithin(100)).isEqualTo(25);
    }

    // ---- write stalled

    private void stallingPeer() throws IOException {
        open(config -> config.withStallTimeout(FIVE));
        client.socket().pauseReading();
    }

    @Test
    void aPeerThatTakesNothingIsCut() throws Exception {
        stallingPeer();
        at(2, () -> send(server, MANY));
        assertThat(closedWithin(100)).isEqualTo(7);
        assertTimedOut("write stalled");
    }

    @Test
    void aSlowPeerIsNotCut() throws Exception {
        stallingPeer();
        at(1, () -> send(server, MANY));
        client.data = (socket, in) -> {
            client.take(in, in.remaining());
            socket.pauseReading();
        };
        for (int second = 2; second < 60; second += 4) {
            at(second, () -> client.socket().resumeReading());
        }
        int last = 58;
        assertThat(closedWithin(1000)).isEqualTo(last + 5);
        assertThat(client.in.size()).isPositive();
    }

    @Test
    void aQueueThatHadDrainedStartsAnew() throws Exception {
        open(config -> config.withStallTimeout(FIVE));
        at(1, () -> send(server, 1));
        at(5, () -> {
            client.socket().pauseReading();
            send(server, MANY);
        });
        assertThat(closedWithin(100)).isEqualTo(10);
    }

    @Test
    void nothingQueuedIsNoStall() throws Exception {
        stallingPeer();
        at(1, () -> send(server, 1));
        assertThat(closedWithin(100)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsQueuedByAnotherThreadIsWatchedToo(boolean copied) throws Exception {
        stallingPeer();
        Thread other = new Thread(() -> {
            if (copied) {
                send(server, MANY);
            } else {
                server.socket().send(new WriteOp(ByteBuffer.allocate(MANY)));
            }
        });
        other.start();
        other.join();
        assertThat(closedWithin(100)).isEqualTo(5);
        assertTimedOut("write stalled");
    }

    @Test
    void closingHasADeadlineOfItsOwn() throws Exception {
        open(config -> config.withStallTimeout(FIVE).withIdleTimeout(FIVE).withCloseTimeout(Duration.ofSeconds(30)));
        client.socket().pauseReading();
        at(1, () -> {
            send(server, MANY);
            server.socket().close();
        });
        assertThat(closedWithin(100)).isEqualTo(31);
        assertTimedOut("close");
    }
}
