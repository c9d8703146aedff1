package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.SslSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The loads of PJLIB's stress test of TLS sockets with new keys in the middle of them: by a renegotiation with TLS 1.2, by
 * a key update with TLS 1.3. Sends wait for it and lose nothing, whatever comes in between.
 */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class PjlibTlsRekeyTest {

    private static final String CLIENTS = "io.github.ioqueue.tests.tls.Way#clientsThatRekey";
    private static final String SERVERS = "io.github.ioqueue.tests.tls.Way#serversThatRekey";
    private static final int FEW = 200;
    private static final int MANY = 20_000;

    private static int bytes(Way way, int messages) {
        return messages * way.messageSize();
    }

    private static void rekey(StreamSocket socket) {
        ((SslSocket) socket).rekey();
    }

    // ---- when the first half is back

    /** Sends half; changes the keys when it is back, and sends the rest at once. */
    private static final class TwoHalves extends EchoClient {
        private final int half;
        private boolean asked;

        TwoHalves(Way way, int messages) {
            super(1, bytes(way, messages), way.messageSize());
            this.half = messages / 2;
        }

        @Override
        boolean mayGo(StreamSocket socket, int number) {
            return asked || number < half;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            super.onData(socket, in);
            if (!asked && received() == size() / 2) {
                asked = true;
                rekey(socket);
                sendMore(socket);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CLIENTS)
    void newKeysBetweenTwoHalves(Way way) throws Exception {
        betweenTwoHalves(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(CLIENTS)
    void newKeysBetweenTwoLargeHalves(Way way) throws Exception {
        betweenTwoHalves(way, MANY);
    }

    private static void betweenTwoHalves(Way way, int messages) throws Exception {
        OpEcho server = new OpEcho(true);
        try (TlsRig rig = way.rig(1, r -> server)) {
            TwoHalves client = new TwoHalves(way, messages);
            way.connect(rig, client.byOps());
            rig.resumeWhenFull(server.awaitOpen());
            TlsRig.assertEnd(client.awaitAll(), CloseReason.Kind.LOCAL);
            TlsRig.assertEnd(server.awaitEnd(), CloseReason.Kind.PEER_END);
            assertThat(client.asked).isTrue();
            client.assertAllSent();
        }
    }

    // ---- in the middle of the sends

    private static EchoClient rekeyingInTheMiddle(Way way, int messages, Consumer<StreamSocket> whenAllIsTaken) {
        return new EchoClient(1, bytes(way, messages), way.messageSize()) {
            @Override
            boolean mayGo(StreamSocket socket, int number) {
                if (number == messages / 2) {
                    rekey(socket);
                }
                return true;
            }

            @Override
            void allTaken(StreamSocket socket) {
                whenAllIsTaken.accept(socket);
            }
        }.byOps();
    }

    @ParameterizedTest
    @MethodSource(CLIENTS)
    void newKeysWhileBothSendManyAtOnce(Way way) throws Exception {
        whileBothSend(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(CLIENTS)
    void newKeysWhileBothSendVeryManyAtOnce(Way way) throws Exception {
        whileBothSend(way, MANY);
    }

    private static void whileBothSend(Way way, int messages) throws Exception {
        EchoClient server = new EchoClient(2, bytes(way, messages), way.messageSize()).byOps();
        EchoClient client = rekeyingInTheMiddle(way, messages, socket -> {}).expecting(server);
        server.expecting(client).paused();
        try (TlsRig rig = way.rig(1, r -> server)) {
            way.connect(rig, client);
            rig.resumeWhenFull(server.awaitOpen());
            client.awaitAll();
            server.awaitAll();
            client.assertAllSent();
            server.assertAllSent();
        }
    }

    // ---- and then the end

    @ParameterizedTest
    @MethodSource(CLIENTS)
    void aCloseWhileKeysChangeLosesNoSend(Way way) throws Exception {
        EchoClient client = rekeyingInTheMiddle(way, FEW, StreamSocket::close);
        EchoClient server = new EchoClient(2, 0).expecting(client).paused();
        try (TlsRig rig = way.rig(1, r -> server)) {
            way.connect(rig, client);
            rig.resumeWhenFull(server.awaitOpen());
            server.awaitAll();
            TlsRig.assertEnd(client.awaitEnd(), CloseReason.Kind.LOCAL);
            client.assertAllSent();
        }
    }

    @ParameterizedTest
    @MethodSource(CLIENTS)
    void anAbortWhileKeysChangeTellsEverySend(Way way) throws Exception {
        EchoClient client = rekeyingInTheMiddle(way, FEW, StreamSocket::abort).held();
        EchoClient server = new EchoClient(2, 0).expecting(client).paused();
        try (TlsRig rig = way.rig(1, r -> server)) {
            way.connect(rig, client);
            server.awaitOpen();
            client.release();
            TlsRig.assertEnd(client.awaitEnd(), CloseReason.Kind.LOCAL);
            assertThat(client.told()).isEqualTo(client.pending()).isPositive();
            assertThat(client.failed()).isPositive();
            server.awaitOpen().resumeReading();
            TlsRig.assertEnd(server.awaitEnd(), CloseReason.Kind.RESET);
        }
    }

    // ---- at the wish of the server

    /** Changes the keys when it has half of what is to come. */
    private static final class Rekeying extends OpEcho {
        private final int half;
        private boolean asked;

        Rekeying(Way way, int messages) {
            super(true);
            this.half = bytes(way, messages) / 2;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            super.onData(socket, in);
            if (!asked && received() >= half) {
                asked = true;
                rekey(socket);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void newKeysAtTheServersWish(Way way) throws Exception {
        atTheServersWish(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(SERVERS)
    void newKeysAtTheServersWishAmongVeryMany(Way way) throws Exception {
        atTheServersWish(way, MANY);
    }

    private static void atTheServersWish(Way way, int messages) throws Exception {
        Rekeying server = new Rekeying(way, messages);
        EchoClient client = new EchoClient(1, bytes(way, messages), way.messageSize()).byOps();
        try (TlsRig rig = way.rig(1, r -> server)) {
            way.connect(rig, client);
            rig.resumeWhenFull(server.awaitOpen());
            TlsRig.assertEnd(client.awaitAll(), CloseReason.Kind.LOCAL);
            TlsRig.assertEnd(server.awaitEnd(), CloseReason.Kind.PEER_END);
            assertThat(server.asked).isTrue();
            client.assertAllSent();
        }
    }
}
