package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.testkit.CompletionLedger;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActiveListenerTest {

    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";

    @ParameterizedTest
    @MethodSource(TRACKS)
    void theQueuesOfAGroupGetWhatIsAcceptedInTurn(FastTrack track) throws Exception {
        CompletionLedger ledger = new CompletionLedger();
        IoQueueConfig config =
                IoQueueConfig.builder().fastTrack(track).probe(ledger).build();
        IoQueueGroup group = IoQueueGroup.open(3, config);
        List<Socket> peers = new ArrayList<>();
        try (group) {
            BlockingQueue<IoQueue> served = new LinkedBlockingQueue<>();
            ActiveListener listener = Listener.on(Rig.loopback(0)).open(group, accepted -> {
                served.add(accepted.queue());
                return StreamSocket::send;
            });
            Map<IoQueue, Integer> counts = new HashMap<>();
            for (int i = 0; i < 9; i++) {
                Socket peer = new Socket();
                peers.add(peer);
                peer.connect(Rig.address(listener));
                counts.merge(Objects.requireNonNull(served.poll(10, TimeUnit.SECONDS)), 1, Integer::sum);
            }
            assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(group.queues());
            assertThat(counts.values()).containsOnly(3);
        } finally {
            for (Socket peer : peers) {
                peer.close();
            }
        }
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        ledger.verify();
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void atItsLimitItStopsAcceptingUntilOneIsClosed(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            List<Recorder> accepted = new ArrayList<>();
            ActiveListener listener = Listener.on(Rig.loopback(0)).limit(2).open(rig.queue, socket -> {
                Recorder recorder = rig.recorder();
                accepted.add(recorder);
                return recorder;
            });
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket peer = new Socket();
                peer.connect(Rig.address(listener));
                peers.add(peer);
            }
            rig.until("two are accepted", () -> accepted.size() == 2);
            rig.rounds(5);
            assertThat(accepted).hasSize(2);
            assertThat(listener.openConnections()).isEqualTo(2);
            peers.get(0).close();
            rig.until("a third is accepted", () -> accepted.size() == 3);
            accepted.get(1).socket().abort();
            rig.until("a fourth is accepted", () -> accepted.size() == 4);
            assertThat(listener.openConnections()).isEqualTo(2);
            listener.close();
            rig.rounds(3);
            assertThat(accepted.get(3).closed()).isFalse();
            for (Socket peer : peers) {
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aHandlerMakerThatThrowsCostsOneConnectionOnly(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder good = rig.recorder();
            int[] calls = {0};
            ActiveListener listener = Listener.on(Rig.loopback(0)).limit(1).open(rig.queue, socket -> {
                if (calls[0]++ == 0) {
                    throw new IllegalStateException("on purpose");
                }
                return good;
            });
            try (Socket first = new Socket();
                    Socket second = new Socket()) {
                first.connect(Rig.address(listener));
                second.connect(Rig.address(listener));
                rig.until("the second is open", () -> good.opened);
                assertThat(rig.errors).hasSize(1);
                assertThat(listener.openConnections()).isEqualTo(1);
            }
            listener.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void beyondItsLimitItMayRefuse(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track);
                Socket first = new Socket();
                Socket second = new Socket()) {
            ActiveListener listener = Listener.on(Rig.loopback(0))
                    .limit(1)
                    .refuseBeyondLimit(true)
                    .open(rig.queue, socket -> rig.recorder());
            first.connect(Rig.address(listener));
            second.connect(Rig.address(listener));
            rig.until("one is refused", () -> listener.refusedConnections() == 1);
            rig.rounds(3);
            assertThat(listener.openConnections()).isEqualTo(1);
            second.setSoTimeout(10_000);
            assertThatIOException().isThrownBy(() -> second.getInputStream().read());
            listener.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void whoIsNotAdmittedIsReset(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            List<IOException> failures = new ArrayList<>();
            List<Boolean> answers = new ArrayList<>(Arrays.asList(false, null, true));
            ActiveListener listener = Listener.on(Rig.loopback(0)).open(rig.queue, new AcceptHandler() {
                @Override
                public boolean admits(SocketAddress remote) {
                    return answers.remove(0);
                }

                @Override
                public StreamHandler onAccept(StreamSocket accepted) {
                    return rig.recorder();
                }

                @Override
                public void onAcceptFailed(ActiveListener where, IOException failure) {
                    failures.add(failure);
                }
            });
            for (int i = 0; i < 3; i++) {
                try (Socket peer = new Socket()) {
                    peer.connect(Rig.address(listener));
                    int left = 2 - i;
                    rig.until("it was asked for", () -> answers.size() == left);
                    rig.rounds(3);
                }
            }
            assertThat(listener.refusedConnections()).isEqualTo(2);
            assertThat(failures).hasSize(1).first().asString().contains("NullPointerException");
            assertThat(rig.recorders).hasSize(1);
            listener.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void unixDomainSocketsEchoAndTheSocketFileGoesAway(FastTrack track, @TempDir Path folder) throws Exception {
        try (Rig rig = new Rig(track)) {
            Path file = folder.resolve("echo");
            Recorder server = rig.recorder();
            Recorder client = rig.recorder();
            server.data = (socket, in) -> socket.send(in.slice().limit(takeAll(in)));
            ActiveListener listener =
                    Listener.on(UnixDomainSocketAddress.of(file)).open(rig.queue, socket -> server);
            assertThat(Files.exists(file)).isTrue();
            Connector.to(UnixDomainSocketAddress.of(file)).open(rig.queue, client);
            rig.until("both are open", () -> client.opened && server.opened);
            rig.run(() -> client.socket().send(Bytes.heap(0, 100_000)));
            rig.until("the echo is here", () -> client.in.size() == 100_000);
            assertThat(client.in.toByteArray()).isEqualTo(Bytes.array(100_000));
            listener.close();
            rig.until("the file is gone", () -> !Files.exists(file));
        }
    }

    private static int takeAll(java.nio.ByteBuffer in) {
        int n = in.remaining();
        in.position(in.limit());
        return n;
    }
}
