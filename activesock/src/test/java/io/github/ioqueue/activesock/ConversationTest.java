package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole conversations in every world. Both ends are ours; what is between them is as choppy as its seed wants it. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ioqueue.activesock.World#all")
class ConversationTest {

    private static final int TOTAL = 300_000;
    private static final StreamConfig SMALL = StreamConfig.defaults()
            .withMaxQueued(5000, 20)
            .withMaxUnread(3000)
            .withCloseTimeout(Duration.ofHours(1)); // of which a slow network needs minutes

    private final Rig rig;
    private final Random random;
    private final Recorder server;
    private final Recorder client;

    ConversationTest(World world) throws IOException {
        rig = new Rig(world);
        random = new Random(world.seed() == null ? 1 : world.seed());
        server = rig.recorder();
        client = rig.recorder();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** Sends the pattern by both kinds of send, in pieces of random sizes, as far as it may. */
    private final class Sender {
        private final Recorder by;
        private int sent;
        private int pending;
        private int refusals;

        Sender(Recorder by) {
            this.by = by;
            by.onSent = (socket, op) -> {
                assertThat(op.failure()).isNull();
                pending--;
            };
        }

        void goOn() {
            while (sent < TOTAL) {
                int n = 1 + random.nextInt(Math.min(TOTAL - sent, random.nextBoolean() ? 100 : 4000));
                if (!send(Bytes.heap(sent, n))) {
                    refusals++;
                    return;
                }
                sent += n;
            }
        }

        private boolean send(ByteBuffer piece) {
            if (random.nextBoolean()) {
                return by.socket().send(piece) == Sent.TAKEN;
            }
            Sending answer = by.socket().send(new WriteOp(piece));
            pending += answer == Sending.PENDING ? 1 : 0;
            return answer != Sending.FULL;
        }

        boolean isThrough() {
            return sent == TOTAL && pending == 0;
        }
    }

    /** Takes a part now and then, pauses now and then. */
    private void readChoppily(Recorder by) {
        by.data = (socket, in) -> {
            by.take(in, random.nextInt(8) == 0 ? 1 + random.nextInt(in.remaining()) : in.remaining());
            if (random.nextInt(16) == 0) {
                socket.pauseReading();
                socket.queue().schedule(random.nextInt(5_000_000), socket::resumeReading);
            }
        };
    }

    @Test
    void backPressureLosesNothingAndTellsEachRefusalOnce() throws Exception {
        rig.pair(server, client, SMALL);
        readChoppily(server);
        Sender sender = new Sender(client);
        client.writable = socket -> sender.goOn();
        rig.run(sender::goOn);
        rig.until("all has come", () -> server.in.size() == TOTAL && sender.isThrough());
        assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(TOTAL));
        assertThat(client.writables).isEqualTo(sender.refusals).isPositive();
    }

    @Test
    void bothHalvesEndEachInItsTime() throws Exception {
        rig.pair(server, client, SMALL);
        readChoppily(server);
        readChoppily(client);
        Sender up = new Sender(client);
        client.writable = socket -> up.goOn();
        Sender down = new Sender(server);
        server.writable = socket -> {
            down.goOn();
            if (down.sent == TOTAL) {
                socket.close();
            }
        };
        server.end = socket -> server.writable.accept(socket);
        rig.run(up::goOn);
        rig.until("all is sent", () -> up.sent == TOTAL);
        rig.run(() -> client.socket().shutdownOutput());
        rig.until("both are closed", () -> server.closed() && client.closed());
        assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(TOTAL));
        assertThat(client.in.toByteArray()).isEqualTo(Bytes.array(TOTAL));
        assertThat(List.of(server.kind(), client.kind())).containsOnly(CloseReason.Kind.PEER_END);
    }

    @Test
    void aCloseFlushesWhatASlowReaderHasNotTaken() throws Exception {
        rig.pair(server, client, SMALL.withMaxQueued(TOTAL, 10_000));
        readChoppily(server);
        Sender sender = new Sender(client);
        rig.run(() -> {
            sender.goOn();
            client.socket().close();
        });
        rig.until("both are closed", () -> server.closed() && client.closed());
        assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(TOTAL));
        assertThat(sender.isThrough()).isTrue();
        assertThat(client.kind()).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(server.kind()).isEqualTo(CloseReason.Kind.PEER_END);
    }

    @Test
    void anAbortCompletesEveryOpAndIsAResetToThePeer() throws Exception {
        rig.pair(server, client, SMALL.withMaxQueued(TOTAL, 10_000));
        List<WriteOp> told = new ArrayList<>();
        client.onSent = (socket, op) -> told.add(op);
        List<WriteOp> pending = new ArrayList<>();
        int written = rig.onLoop(() -> {
            server.socket().pauseReading();
            for (int i = 0; i < 50; i++) {
                WriteOp op = new WriteOp(Bytes.heap(0, 1000));
                if (client.socket().send(op) == Sending.PENDING) {
                    pending.add(op);
                }
            }
            client.socket().abort();
            return pending.size();
        });
        rig.until("it is closed", client::closed);
        assertThat(written).isPositive();
        assertThat(told).containsExactlyElementsOf(pending);
        rig.run(() -> server.socket().resumeReading());
        rig.until("the peer is told", server::closed);
        assertThat(client.kind()).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(server.kind()).isEqualTo(CloseReason.Kind.RESET);
    }

    @Test
    void anotherHandlerGetsTheBytesBehindTheUpgrade() throws Exception {
        Recorder next = rig.recorder();
        server.data = (socket, in) -> {
            if (in.remaining() >= 10) {
                server.take(in, 10);
                next.socket = socket;
                socket.handler(next);
            }
        };
        server.expectClose = false; // it is the next one's to be told
        rig.pair(server, client, SMALL);
        readChoppily(next);
        Sender sender = new Sender(client);
        client.writable = socket -> sender.goOn();
        rig.run(sender::goOn);
        rig.until("all has come", () -> server.in.size() + next.in.size() == TOTAL);
        assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(10));
        assertThat(next.in.toByteArray()).isEqualTo(Bytes.array(10, TOTAL - 10));
        server.socket = null;
    }

    // ---- off the loop

    @Test
    void aHandlerOffTheLoopHearsTheSameWhenItsTasksAreRunAtAnyTime() throws Exception {
        ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        readChoppily(server);
        ActiveListener listener =
                Listener.on(Rig.loopback(0)).config(SMALL).open(rig.queue, accepted -> OffLoop.on(tasks::add, server));
        Connector.to(Rig.address(listener)).config(SMALL).open(rig.queue, client);
        rig.until("both are open", () -> runSome(tasks) && client.opened && server.opened);
        listener.close();
        Sender sender = new Sender(client);
        client.writable = socket -> {
            sender.goOn();
            if (sender.sent == TOTAL) {
                socket.close();
            }
        };
        rig.run(() -> client.writable.accept(client.socket()));
        rig.until("both are closed", () -> runSome(tasks) && server.closed() && client.closed());
        assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(TOTAL));
        assertThat(server.kind()).isEqualTo(CloseReason.Kind.PEER_END);
    }

    private boolean runSome(ArrayDeque<Runnable> tasks) {
        for (int i = random.nextInt(4); i > 0 && !tasks.isEmpty(); i--) {
            tasks.remove().run();
        }
        return true;
    }

    // ---- drain

    @Test
    void aDrainWaitsForThoseWhoEndAndNamesThoseWhoDoNot() throws Exception {
        List<Recorder> accepted = new ArrayList<>();
        ActiveListener listener = Listener.on(Rig.loopback(0)).config(SMALL).open(rig.queue, socket -> {
            Recorder each = rig.recorder();
            if (accepted.size() % 3 == 0) {
                each.drain = stubborn -> {};
            }
            accepted.add(each);
            return each;
        });
        List<Recorder> clients = new ArrayList<>(List.of(client));
        for (int i = 0; i < 6; i++) {
            clients.add(rig.recorder());
        }
        clients.forEach(
                each -> Connector.to(Rig.address(listener)).config(SMALL).open(rig.queue, each));
        rig.until("all are open", () -> accepted.size() == 7 && clients.stream().allMatch(each -> each.opened));
        server.expectClose = false;
        long start = rig.now();
        var drained = listener.drain(Duration.ofMillis(900));
        rig.until("it is over", drained::isDone);
        assertThat(rig.now() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(900));
        assertThat(drained.join().cut()).hasSize(3);
        assertThat(accepted).allMatch(each -> each.drains == 1 && each.closed());
        assertThat(accepted.stream().filter(each -> each.kind() == CloseReason.Kind.TIMED_OUT))
                .hasSize(3);
    }
}
