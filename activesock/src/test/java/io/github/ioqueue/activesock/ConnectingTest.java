package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.Resolver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectingTest {

    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";
    private static final String WORLDS = "io.github.ioqueue.activesock.World#all";

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static Resolver answering(List<InetAddress> addresses) {
        return (String host, IoQueue queue, Resolver.Answer answer) ->
                queue.execute(() -> answer.onResolved(addresses, null));
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void aRefusedConnectionIsToldByOnClosedAlone(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder client = rig.recorder();
            Connector.to(Rig.closedPort()).open(rig.queue, client);
            rig.until("it is told", client::closed);
            assertThat(client.opened).isFalse();
            assertThat(client.kind()).isEqualTo(CloseReason.Kind.FAILED);
            assertThat(client.reason.cause()).isInstanceOf(ConnectException.class);
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void aNameThatDoesNotResolveIsToldByOnClosedAlone(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder client = rig.recorder();
            IOException unknown = new UnknownHostException("nowhere");
            Connector.to("nowhere", 80)
                    .resolver((host, queue, answer) -> queue.execute(() -> answer.onResolved(List.of(), unknown)))
                    .open(rig.queue, client);
            rig.until("it is told", client::closed);
            assertThat(client.opened).isFalse();
            assertThat(client.reason.cause()).isSameAs(unknown);
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void anAnswerThatNeverComesIsCutByTheDeadline(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder client = rig.recorder();
            List<Resolver.Answer> late = new ArrayList<>();
            Connector.to("slow", 80)
                    .deadline(Duration.ofMillis(20))
                    .resolver((host, queue, answer) -> late.add(answer))
                    .open(rig.queue, client);
            rig.until("it is told", client::closed);
            assertThat(client.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
            rig.run(() -> late.get(0).onResolved(List.of(loopback(1)), null));
            rig.rounds(3);
            assertThat(client.opened).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void theAddressesOfANameAreTriedInTurn(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder server = rig.recorder();
            Recorder client = rig.recorder();
            ActiveListener listener =
                    Listener.on(new InetSocketAddress(loopback(3), 0)).open(rig.queue, socket -> server);
            int port = ((InetSocketAddress) Rig.address(listener)).getPort();
            Connector.to("three", port)
                    .resolver(answering(List.of(loopback(1), loopback(2), loopback(3))))
                    .open(rig.queue, client);
            rig.until("both are open", () -> client.opened && server.opened);
            assertThat(client.socket().remoteAddress()).isEqualTo(new InetSocketAddress(loopback(3), port));
            assertThat(client.closed()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void whenNoAddressWorksTheLastFailureIsTold(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder client = rig.recorder();
            Connector.to("none", Rig.closedPort().getPort())
                    .resolver(answering(List.of(loopback(1), loopback(2))))
                    .open(rig.queue, client);
            rig.until("it is told", client::closed);
            assertThat(client.reason.cause()).isInstanceOf(ConnectException.class);
            assertThat(rig.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aConnectionThatIsNotAnsweredIsCutByTheDeadline(FastTrack track) throws Exception {
        // A listener whose queue is full drops what asks to connect.
        try (Rig rig = new Rig(track);
                var full = new java.net.ServerSocket(0, 1, loopback(1))) {
            List<Recorder> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Recorder client = rig.recorder();
                clients.add(client);
                Connector.to(full.getLocalSocketAddress())
                        .deadline(Duration.ofMillis(100))
                        .open(rig.queue, client);
            }
            rig.until("one is cut", () -> clients.stream().anyMatch(Recorder::closed));
            rig.until("all are through", () -> clients.stream().allMatch(c -> c.closed() || c.opened));
            assertThat(clients.stream().filter(Recorder::closed)).allMatch(c -> c.kind() == CloseReason.Kind.TIMED_OUT);
            clients.forEach(c -> c.expectClose = true);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void theClosingOfTheQueueIsToldToWhoIsConnecting(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track);
                var full = new java.net.ServerSocket(0, 1, loopback(1))) {
            List<Recorder> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Recorder client = rig.recorder();
                clients.add(client);
                Connector.to(full.getLocalSocketAddress()).open(rig.queue, client);
            }
            rig.until(
                    "two are open", () -> clients.stream().filter(c -> c.opened).count() >= 2);
            rig.queue.close();
            assertThat(clients).allMatch(Recorder::closed);
            assertThat(clients).allMatch(c -> c.kind() == CloseReason.Kind.LOCAL);
            assertThat(rig.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aSocketClosedBeforeItOpensHearsOnClosedOnly(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track);
                var server = new java.net.ServerSocket(0, 1, loopback(1))) {
            Recorder client = rig.recorder();
            rig.run(() -> {
                try {
                    ActiveSocket.connect(
                                    rig.queue,
                                    rig.queue.openStream(),
                                    server.getLocalSocketAddress(),
                                    client,
                                    StreamConfig.defaults())
                            .close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            rig.until("it is told", client::closed);
            assertThat(client.opened).isFalse();
            assertThat(client.kind()).isEqualTo(CloseReason.Kind.LOCAL);
        }
    }
}
