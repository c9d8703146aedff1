package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
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
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that are not the loop's send over one socket: whole messages, each thread's in its order, none lost. */
class ManySendersTest {

    private static final int MESSAGES = 2_000;
    private static final int SMALL_BUFFER = 4_096;
    private static final int LONGEST = 300;

    static Stream<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (FastTrack track : List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(System.nanoTime()))) {
            for (String tls : TlsRig.noneAndBackends()) {
                for (int senders : new int[] {1, 3, 8}) {
                    ways.add(Arguments.of(track, tls, senders));
                }
            }
        }
        return ways.stream();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyMessageArrivesWholeAndInOrder(FastTrack track, String tls, int senders) throws Exception {
        TestAuthority authority = TestAuthority.create();
        CompletionLedger ledger = new CompletionLedger();
        IoQueueConfig config =
                IoQueueConfig.builder().fastTrack(track).probe(ledger).build();
        Receiver receiver = new Receiver(senders);
        IoQueueGroup group = IoQueueGroup.open(2, config);
        ExecutorService threads = Executors.newFixedThreadPool(senders);
        try (group;
                ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .option(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER)
                        .through(layer(tls, TlsConfig.builder().identity(authority.identity("localhost"))))
                        .open(group.queues().get(0), socket -> receiver)) {
            Sender sender = new Sender();
            Connector.to(listener.localAddress())
                    .option(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER)
                    .config(StreamConfig.defaults().withMaxQueued(20_000, 50))
                    .through(layer(
                            tls,
                            TlsConfig.builder().trust(authority.certificates()).serverName("localhost")))
                    .open(group.queues().get(1), sender);
            StreamSocket socket = sender.opened.get(20, TimeUnit.SECONDS);
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                int number = i;
                running.add(CompletableFuture.runAsync(() -> sender.send(socket, number), threads));
            }
            for (CompletableFuture<Void> thread : running) {
                thread.get(60, TimeUnit.SECONDS);
            }
            socket.close();
            assertThat(receiver.ended.get(20, TimeUnit.SECONDS).kind()).isEqualTo(CloseReason.Kind.PEER_END);
        } finally {
            threads.shutdown();
        }
        assertThat(group.awaitClosed(20, TimeUnit.SECONDS)).isTrue();
        assertThat(receiver.messages.wrong()).isEmpty();
        assertThat(receiver.messages.counts()).containsOnly(MESSAGES);
        ledger.verify();
    }

    private static StreamLayer layer(String tls, TlsConfig.Builder config) throws Exception {
        return tls.equals("none") ? StreamLayer.NONE : TlsRig.layer(tls, config.build());
    }

    /** Sends, and waits for room where there is none. */
    private static final class Sender implements StreamHandler {
        private final CompletableFuture<StreamSocket> opened = new CompletableFuture<>();
        private final Semaphore room = new Semaphore(0);

        @Override
        public void onOpen(StreamSocket socket) {
            opened.complete(socket);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            throw new AssertionError("nobody sends here");
        }

        @Override
        public void onWritable(StreamSocket socket) {
            room.release(8);
        }

        void send(StreamSocket socket, int sender) {
            for (int i = 0; i < MESSAGES; i++) {
                ByteBuffer message = NumberedMessages.message(sender, i, LONGEST);
                for (Sent answer = socket.send(message); answer != Sent.TAKEN; answer = socket.send(message)) {
                    assertThat(answer).isEqualTo(Sent.FULL);
                    try {
                        assertThat(room.tryAcquire(20, TimeUnit.SECONDS))
                                .as("onWritable comes")
                                .isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
    }

    /** Reads, and looks at every byte. */
    private static final class Receiver implements StreamHandler {
        private final CompletableFuture<CloseReason> ended = new CompletableFuture<>();
        private final NumberedMessages messages;

        Receiver(int senders) {
            messages = new NumberedMessages(senders);
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (!messages.read(in)) {
                socket.abort();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ended.complete(why);
        }
    }
}
