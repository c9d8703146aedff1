package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Several addresses of one name, as RFC 8305 has them tried. */
@ParameterizedClass
@MethodSource("io.github.ioqueue.activesock.Rig#tracks")
class RacingTest {

    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration LATE = Duration.ofMinutes(1);

    private final Rig rig;
    private final Recorder client;
    private final List<AutoCloseable> open = new ArrayList<>();

    RacingTest(FastTrack track) throws IOException {
        rig = new Rig(track);
        client = rig.recorder();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        rig.close();
    }

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private static InetAddress v6Loopback() throws IOException {
        byte[] address = new byte[16];
        address[15] = 1;
        return InetAddress.getByAddress(address);
    }

    private Connector to(int port, InetAddress... addresses) {
        Resolver resolver = (host, queue, answer) -> queue.execute(() -> answer.onResolved(List.of(addresses), null));
        return Connector.to("name", port).resolver(resolver);
    }

    /** An address that does not answer: the queue of its listener is full, and drops what asks to connect. */
    private int silent(InetAddress address, int port) throws IOException {
        ServerSocket full = new ServerSocket(port, 1, address);
        open.add(full);
        for (int i = 0; i < 2; i++) {
            Socket filling = new Socket();
            open.add(filling);
            filling.connect(full.getLocalSocketAddress());
        }
        return full.getLocalPort();
    }

    private ActiveListener listen(InetAddress address, int port) throws IOException {
        ActiveListener listener =
                Listener.on(new InetSocketAddress(address, port)).open(rig.queue, socket -> rig.recorder());
        open.add(listener);
        return listener;
    }

    @Test
    void anAddressThatDoesNotAnswerHoldsUpNobody() throws Exception {
        int port = silent(loopback(1), 0);
        listen(loopback(2), port);
        to(port, loopback(1), loopback(2)).attemptDelay(SOON).open(rig.queue, client);
        rig.until("it is open", () -> client.opened);
        assertThat(client.socket().remoteAddress()).isEqualTo(new InetSocketAddress(loopback(2), port));
        rig.until("the loser is gone", () -> rig.queue.openKeys() == 3); // the listener, and both ends
        assertThat(client.closed()).isFalse();
    }

    @Test
    void theNextIsNotTriedBeforeItsTime() throws Exception {
        ActiveListener first = listen(loopback(1), 0);
        int port = ((InetSocketAddress) Rig.address(first)).getPort();
        ActiveListener second = listen(loopback(2), port);
        to(port, loopback(1), loopback(2)).attemptDelay(LATE).open(rig.queue, client);
        rig.until("it is open", () -> client.opened && first.openConnections() == 1);
        rig.rounds(5);
        assertThat(second.openConnections()).isZero();
    }

    @Test
    void aFailureStartsTheNextAtOnce() throws Exception {
        ActiveListener second = listen(loopback(2), 0);
        int port = ((InetSocketAddress) Rig.address(second)).getPort();
        to(port, loopback(1), loopback(2)).attemptDelay(LATE).open(rig.queue, client);
        rig.until("it is open", () -> client.opened);
    }

    @Test
    void inTurnASilentAddressIsWaitedFor() throws Exception {
        int port = silent(loopback(1), 0);
        listen(loopback(2), port);
        to(port, loopback(1), loopback(2))
                .attemptDelay(Duration.ZERO)
                .deadline(Duration.ofMillis(50))
                .open(rig.queue, client);
        rig.until("it is over", client::closed);
        assertThat(client.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
    }

    @Test
    void theFamiliesAlternateAndEveryFailureIsTold() throws Exception {
        int port = Rig.closedPort().getPort();
        to(port, loopback(1), loopback(2), v6Loopback()).open(rig.queue, client);
        rig.until("it is over", client::closed);
        assertThat(client.opened).isFalse();
        assertThat(Arrays.stream(client.reason.cause().getSuppressed()).map(Throwable::getMessage))
                .satisfiesExactly(
                        first -> assertThat(first).contains("127.0.0.1"),
                        second -> assertThat(second).contains("0:0:0:0:0:0:0:1"));
    }

    @Test
    void theDeadlineIsForAllTogether() throws Exception {
        int port = silent(loopback(1), 0);
        silent(loopback(2), port);
        to(port, loopback(1), loopback(2))
                .attemptDelay(SOON)
                .deadline(Duration.ofMillis(60))
                .open(rig.queue, client);
        rig.until("it is over", client::closed);
        assertThat(client.kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
        rig.until("all are gone", () -> rig.queue.openKeys() == 0);
    }

    @Test
    void closingTheQueueInTheMiddleIsToldOnce() throws Exception {
        int port = silent(loopback(1), 0);
        silent(loopback(2), port);
        to(port, loopback(1), loopback(2)).attemptDelay(SOON).open(rig.queue, client);
        rig.until("both are under way", () -> rig.queue.openKeys() == 2);
        rig.queue.close();
        assertThat(client.closedCount).isEqualTo(1);
    }

    @Test
    void aNameWithoutAddressesFails() {
        to(7).open(rig.queue, client);
        rig.until("it is over", client::closed);
        assertThat(client.reason.cause()).hasMessageContaining("no address");
    }

    @Test
    void attemptsAreNotTooClose() {
        client.expectClose = false;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Connector.to("name", 7).attemptDelay(Duration.ofMillis(9)));
    }
}
