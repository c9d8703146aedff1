package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.activesock.ActiveDatagram;
import io.github.ioqueue.activesock.DatagramHandler;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Two datagram sockets; one is the subject. */
final class DatagramWalk implements Walk {

    private static final InetSocketAddress ONE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 501);
    private static final InetSocketAddress TWO = new InetSocketAddress(InetAddress.getLoopbackAddress(), 502);
    private static final int TOO_LARGE = 65_508;

    private int received;
    private int closed;
    private boolean alive;
    private boolean queueEnds;
    private @Nullable CompletableFuture<DrainReport> drain;

    @Override
    public boolean leavesQueue() {
        return !queueEnds;
    }

    private static class Other implements DatagramHandler {
        private final Stage stage;

        Other(Stage stage) {
            this.stage = stage;
        }

        @Override
        public void onDatagram(ActiveDatagram socket, SocketAddress sender, ByteBuffer data) {}

        @Override
        public void onFailure(ActiveDatagram socket, IOException failure) {
            stage.told.by("onFailure", failure);
        }
    }

    private final class Subject extends Other {
        Subject(Stage stage) {
            super(stage);
        }

        @Override
        public void onDatagram(ActiveDatagram socket, SocketAddress sender, ByteBuffer data) {
            received++;
        }

        @Override
        public void onClosed(ActiveDatagram socket) {
            closed++;
        }
    }

    @Override
    public void walk(Stage stage, Case the) throws Exception {
        DatagramHandler handler = stage.trap.around(DatagramHandler.class, new Subject(stage));
        ActiveDatagram[] made = new ActiveDatagram[1];
        stage.told.byCall(() -> made[0] = ActiveDatagram.open(stage.queue, ONE, handler, Stage.limits()));
        if (made[0] == null) {
            stage.told.byCall(() -> made[0] = ActiveDatagram.open(stage.queue, ONE, handler, Stage.limits()));
        }
        if (made[0] == null) {
            return; // the address is taken: the first was not closed
        }
        ActiveDatagram other = ActiveDatagram.open(stage.queue, TWO, new Other(stage));
        ActiveDatagram subject = made[0];
        stage.settle();
        stage.told.byCall(() -> subject.socket().option(StandardSocketOptions.SO_RCVBUF, 10_000));
        stage.inLoop(() -> subject.send(Witness.line(), TWO));
        stage.inLoop(() -> other.send(Witness.line(), ONE));
        stage.inLoop(() -> subject.send(ByteBuffer.allocate(TOO_LARGE), TWO));
        stage.blocksWrites = true;
        stage.inLoop(() -> {
            for (int i = 0; i < 2000 && subject.send(Witness.line(), TWO) == Sent.TAKEN; i++) {}
        });
        stage.blocksWrites = false;
        stage.settle();
        stage.pass(Duration.ofSeconds(3));
        int before = received;
        stage.inLoop(() -> other.send(Witness.line(), ONE));
        alive = received == before + 1;
        end(stage, the, subject);
        other.close();
        stage.settle();
    }

    private void end(Stage stage, Case the, ActiveDatagram subject) {
        if (the.hook().method().equals("onDrain")) {
            queueEnds = true;
            drain = stage.queue.drain(Duration.ofSeconds(10));
            stage.settle();
            stage.pass(Duration.ofSeconds(20));
        } else {
            subject.close();
            stage.settle();
        }
    }

    @Override
    public List<String> violations(Stage stage, Case the, Throwable thrown) {
        List<String> found = new ArrayList<>();
        if (drain != null && !drain.isDone()) {
            found.add("the drain never ends");
        }
        if (!alive) {
            found.add("the socket receives nothing more");
        }
        int expected = the.hook().name().equals("DatagramHandler.onClosed") ? 0 : 1;
        if (closed != expected) {
            found.add("onClosed came " + closed + " times");
        }
        return found;
    }
}
