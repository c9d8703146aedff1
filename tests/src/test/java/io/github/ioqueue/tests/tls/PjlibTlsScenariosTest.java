package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.probe.OpKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The loads of PJLIB's stress test of TLS sockets: many sends at once through sockets that hold few of them. Every byte is
 * compared, every callback counted, and the kernel is seen to take no more than a part.
 */
@Timeout(4 * TlsRig.DEADLINE_SECONDS)
class PjlibTlsScenariosTest {

    private static final String PAIRWISE = "io.github.ioqueue.tests.tls.Way#pairwise";
    private static final int FEW = 200;
    private static final int MANY = 20_000;
    private static final int CLIENTS = 3;

    private static EchoClient client(Way way, int seed, int messages) {
        return new EchoClient(seed, messages * way.messageSize(), way.messageSize()).byOps();
    }

    // ---- one sends, the other echoes

    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void manySendsAreEchoedAndEachIsTold(Way way) throws Exception {
        sendLoad(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void veryManySendsAreEchoedAndEachIsTold(Way way) throws Exception {
        sendLoad(way, MANY);
    }

    private static void sendLoad(Way way, int messages) throws Exception {
        OpEcho server = new OpEcho(true);
        try (TlsRig rig = way.rig(1, r -> server)) {
            EchoClient client = client(way, 1, messages);
            way.connect(rig, client);
            rig.resumeWhenFull(server.awaitOpen());
            TlsRig.assertEnd(client.awaitAll(), CloseReason.Kind.LOCAL);
            TlsRig.assertEnd(server.awaitEnd(), CloseReason.Kind.PEER_END);
            client.assertAllSent();
        }
    }

    // ---- one sends and closes at once

    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void aCloseBehindManySendsLosesNone(Way way) throws Exception {
        closePending(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void aCloseBehindVeryManySendsLosesNone(Way way) throws Exception {
        closePending(way, MANY);
    }

    private static void closePending(Way way, int messages) throws Exception {
        EchoClient client = new EchoClient(1, messages * way.messageSize(), way.messageSize()) {
            @Override
            void allTaken(StreamSocket socket) {
                socket.close();
            }
        }.byOps();
        EchoClient server = new EchoClient(2, 0).expecting(client).paused();
        try (TlsRig rig = way.rig(1, r -> server)) {
            way.connect(rig, client);
            rig.resumeWhenFull(server.awaitOpen());
            server.awaitAll();
            TlsRig.assertEnd(client.awaitEnd(), CloseReason.Kind.LOCAL);
            client.assertAllSent();
        }
    }

    // ---- both send

    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void bothSendManyAtOnce(Way way) throws Exception {
        bothSend(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void bothSendVeryManyAtOnce(Way way) throws Exception {
        bothSend(way, MANY);
    }

    private static void bothSend(Way way, int messages) throws Exception {
        EchoClient server = client(way, 2, messages).paused();
        EchoClient client = client(way, 1, messages).expecting(server).paused();
        server.expecting(client);
        try (TlsRig rig = way.rig(1, r -> server)) {
            way.connect(rig, client);
            rig.resumeWhenFull(client.awaitOpen(), server.awaitOpen());
            client.awaitAll();
            server.awaitAll();
            client.assertAllSent();
            server.assertAllSent();
        }
    }

    // ---- several clients, each with a thread of its own

    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void severalClientsSendMany(Way way) throws Exception {
        manyClients(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(PAIRWISE)
    void severalClientsSendVeryMany(Way way) throws Exception {
        manyClients(way, MANY);
    }

    private static void manyClients(Way way, int messages) throws Exception {
        Queue<OpEcho> servers = new ConcurrentLinkedQueue<>();
        try (TlsRig rig = way.rig(CLIENTS, r -> {
            OpEcho server = new OpEcho(false);
            servers.add(server);
            return server;
        })) {
            List<EchoClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                EchoClient client = client(way, i, messages);
                clients.add(client);
                way.connect(rig, client);
            }
            for (EchoClient client : clients) {
                TlsRig.assertEnd(client.awaitAll(), CloseReason.Kind.LOCAL);
                client.assertAllSent();
            }
            if (way.isNarrow()) {
                assertThat(rig.calls().unfinished(OpKind.WRITE)).isGreaterThanOrEqualTo(CLIENTS);
            }
            assertThat(servers).hasSize(CLIENTS);
            for (OpEcho server : servers) {
                TlsRig.assertEnd(server.awaitEnd(), CloseReason.Kind.PEER_END);
            }
        }
    }
}
