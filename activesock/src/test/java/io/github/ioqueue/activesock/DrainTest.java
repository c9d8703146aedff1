package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.DrainReport;
import io.github.ioqueue.FastTrack;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ending a server in good order: the connections of a listener, and all that a queue has. */
class DrainTest {

    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<Recorder> accepted = new ArrayList<>();
    private final List<Socket> peers = new ArrayList<>();

    @AfterEach
    void closePeers() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
    }

    private ActiveListener listen(Rig rig) throws IOException {
        return Listener.on(Rig.loopback(0)).open(rig.queue, socket -> {
            Recorder recorder = rig.recorder();
            accepted.add(recorder);
            return recorder;
        });
    }

    private Socket connect(Rig rig, ActiveListener listener) throws IOException {
        int before = accepted.size();
        Socket peer = new Socket();
        peers.add(peer);
        peer.setSoTimeout(10_000);
        peer.connect(Rig.address(listener));
        rig.until("it is open", () -> accepted.size() > before && accepted.get(before).opened);
        return peer;
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aListenerRefusesTheNewAndWaitsForTheOld(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ActiveListener listener = listen(rig);
            Socket first = connect(rig, listener);
            Socket second = connect(rig, listener);
            accepted.get(1).drain = socket -> socket.send(ByteBuffer.wrap(new byte[] {42}));
            CompletableFuture<DrainReport> drained = listener.drain(LONG);
            rig.until("they are told", () -> accepted.get(0).drains + accepted.get(1).drains == 2);
            rig.rounds(3);
            assertThat(first.getInputStream().read()).isEqualTo(-1);
            first.close();
            rig.until("one is closed", () -> accepted.get(0).closed());
            assertThat(accepted.get(0).kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(second.getInputStream().read()).isEqualTo(42);
            rig.rounds(3);
            assertThat(drained).isNotDone();
            try (Socket late = new Socket()) {
                assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> late.connect(Rig.address(listener)));
            }
            second.close();
            rig.until("all is drained", drained::isDone);
            assertThat(drained.join().isClean()).isTrue();
            assertThat(listener.openConnections()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void whatIsOpenAtTheDeadlineIsResetAndNamed(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ActiveListener listener = listen(rig);
            Socket peer = connect(rig, listener);
            accepted.get(0).drain = socket -> {};
            CompletableFuture<DrainReport> drained = listener.drain(Duration.ofMillis(20));
            rig.until("it is over", drained::isDone);
            assertThat(accepted.get(0).kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
            assertThat(accepted.get(0).reason.cause())
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("drain");
            assertThat(drained.join().cut())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(String.valueOf(peer.getLocalPort()));
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void otherConnectionsOfTheQueueGoOn(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ActiveListener one = listen(rig);
            ActiveListener other = listen(rig);
            Socket ofOne = connect(rig, one);
            Socket ofOther = connect(rig, other);
            CompletableFuture<DrainReport> drained = one.drain(LONG);
            ofOne.close();
            rig.until("one is drained", drained::isDone);
            assertThat(accepted.get(1).drains).isZero();
            ofOther.getOutputStream().write(1);
            rig.until("the other goes on", () -> accepted.get(1).in.size() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aQueueIsDrainedWithListenersAndConnections(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ActiveListener listener = listen(rig);
            Socket peer = connect(rig, listener);
            ActiveDatagram.open(rig.queue, Rig.loopback(0), (socket, sender, data) -> {});
            CompletableFuture<DrainReport> drained = rig.queue.drain(LONG);
            rig.until("it is told", () -> accepted.get(0).drains == 1);
            rig.rounds(3);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            peer.close();
            rig.until("all is drained", rig.queue::isClosing);
            assertThat(drained.join().isClean()).isTrue();
            assertThat(accepted.get(0).kind()).isEqualTo(CloseReason.Kind.LOCAL);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void drainingAListenerThatIsClosedWaitsForItsConnections(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            ActiveListener listener = listen(rig);
            Socket peer = connect(rig, listener);
            listener.close();
            rig.rounds(3);
            CompletableFuture<DrainReport> drained = listener.drain(LONG);
            assertThat(drained).isNotDone();
            peer.close();
            rig.until("all is drained", drained::isDone);
            assertThat(listener.drain(LONG)).isSameAs(drained);
        }
    }
}
