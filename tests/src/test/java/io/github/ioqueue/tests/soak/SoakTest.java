package io.github.ioqueue.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.tests.PeerWatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Many connections, each as its seed wants it, for some time: nothing lost, nothing leaked. {@code ci/soak.sh} runs it for
 * long; here are a few seconds of it.
 */
class SoakTest {

    private static final int CONNECTIONS = 200;
    private static final long SECONDS = Long.getLong("soak.seconds", 3);
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
    private static final String TLS = System.getProperty("soak.tls", "none");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);

    private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    private final Map<Long, Conversation> running = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong leaked = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private IoQueueGroup group;
    private PeerWatch peers;
    private ActiveListener listener;
    private StreamLayer clientLayer = StreamLayer.NONE;
    private StreamLayer serverLayer = StreamLayer.NONE;
    private volatile boolean over;

    /** The first bytes of a connection are its number; the rest is the conversation's. */
    private final class Reception implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (in.remaining() >= Long.BYTES) {
                Side server = running.get(in.getLong()).server;
                socket.handler(server);
                server.onOpen(socket);
            }
        }
    }

    private final class Opening implements StreamHandler {
        private final Conversation conversation;

        Opening(Conversation conversation) {
            this.conversation = conversation;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(ByteBuffer.allocate(Long.BYTES).putLong(0, conversation.number));
            socket.handler(conversation.client);
            conversation.client.onOpen(socket);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            throw new IllegalStateException("data before onOpen");
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            failures.add("not connected: " + why);
        }
    }

    @Test
    void nothingIsLostAndNothingLeaks() throws Exception {
        System.out.println("soak: seed " + SEED + ", TLS " + TLS);
        chooseLayers();
        talk(20); // what is made once is made
        Resources before = Resources.now();
        talk(SECONDS * 1000);
        leaked.addAndGet(Resources.leakedSince(before));
        lost.addAndGet(running.size());
        String line = "soak: " + bytes + " bytes, " + lost + " lost, " + leaked + " leaked";
        System.out.println(numbers + " connections\n" + line);
        Files.writeString(Path.of("target", "soak.txt"), line + "\n");
        assertThat(thrown).isEmpty();
        assertThat(failures).isEmpty();
        assertThat(line).endsWith(" bytes, 0 lost, 0 leaked");
    }

    private void chooseLayers() throws IOException {
        if (!TLS.equals("none")) {
            TestAuthority authority = TestAuthority.create();
            TlsBackend backend = TlsBackend.named(TLS);
            serverLayer = TlsLayer.of(backend.context(TlsConfig.builder()
                    .identity(authority.identity("localhost"))
                    .build()));
            clientLayer = TlsLayer.of(backend.context(
                    TlsConfig.builder().trust(authority.certificates()).build()));
        }
    }

    /** Opens everything, keeps the conversations going for so long, waits for the last and closes everything. */
    private void talk(long millis) throws Exception {
        over = false;
        CompletionLedger ledger = new CompletionLedger();
        peers = PeerWatch.ofManyConnections();
        group = IoQueueGroup.open(
                2,
                IoQueueConfig.builder()
                        .fastTrack(FastTrack.random(SEED))
                        .probe(ledger)
                        .errorHandler((queue, key, error) -> thrown.add(error))
                        .build());
        listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .through(serverLayer)
                .open(group, accepted -> peers.server(new Reception()));
        for (int i = 0; i < CONNECTIONS; i++) {
            start();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        over = true;
        long deadline = System.nanoTime() + PATIENCE;
        while (!running.isEmpty() && failures.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        running.values().stream().limit(10).forEach(each -> failures.add("does not end: " + each));
        for (var queue : group.queues()) {
            leaked.addAndGet(lentBytes(queue));
        }
        group.close();
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
        lost.addAndGet(ledger.owed().size());
        ledger.verify();
        peers.verify();
        group = null; // or its buffers would pass for leaked
        listener = null;
    }

    /** What is out of the pool of a queue, when what ended last has been told. */
    private static long lentBytes(IoQueue queue) throws Exception {
        CompletableFuture<Long> lent = new CompletableFuture<>();
        queue.execute(() -> queue.execute(() -> lent.complete(queue.buffers().lentBytes())));
        return lent.get(10, TimeUnit.SECONDS);
    }

    private void start() {
        long number = numbers.getAndIncrement();
        Conversation next = new Conversation(number, SEED, TLS.equals("none"), () -> ended(number));
        running.put(number, next);
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        Connector.to("localhost", port)
                .through(clientLayer)
                .config(limits())
                .open(group.next(), peers.client(new Opening(next)));
    }

    private static StreamConfig limits() {
        return StreamConfig.defaults().withMaxQueued(200_000, 100);
    }

    private void ended(long number) {
        Conversation ended = running.remove(number);
        bytes.addAndGet(ended.client.received() + ended.server.received());
        if (ended.lost() != 0) {
            lost.addAndGet(ended.lost());
            failures.add("lost: " + ended);
        }
        if (!over) {
            start();
        }
    }
}
