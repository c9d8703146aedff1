package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Handshakes off the loop, on real sockets: engines that hand out tasks and engines that do not. */
@Timeout(TlsRig.DEADLINE_SECONDS)
class HandshakeExecutorTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final int[] PIECES = {1, 20_000, 300};

    private final ExecutorService executor = Executors.newFixedThreadPool(2, task -> new Thread(task, "handshakes"));

    @AfterEach
    void close() throws Exception {
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static TlsConfig.Builder server() {
        return TlsConfig.builder().identity(AUTHORITY.identity("localhost"));
    }

    static Stream<Arguments> ways() {
        return TlsRig.backends().stream()
                .flatMap(backend -> Stream.of(TlsVersion.values())
                        .flatMap(version -> Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(3))
                                .map(track -> Arguments.of(backend, version, track))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void manyAtATimeAreDoneThereAndEveryByteComesBack(String backend, TlsVersion version, FastTrack track)
            throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        TlsLayer layer = TlsRig.layer(
                backend,
                TlsConfig.builder()
                        .trust(AUTHORITY.certificates())
                        .versions(version)
                        .verifier((chain, host) ->
                                threads.add(Thread.currentThread().getName()))
                        .handshakesOn(executor)
                        .build());
        TlsLayer accepting =
                TlsRig.layer(backend, server().handshakesOn(executor).build());
        try (TlsRig rig = new TlsRig(track, TlsRig.DEFAULT, accepting)) {
            EchoClient[] clients = new EchoClient[20];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = new EchoClient(i, 50_000, PIECES);
                rig.connect("localhost", layer, clients[i]);
            }
            for (EchoClient each : clients) {
                assertThat(each.awaitAll().kind()).isEqualTo(CloseReason.Kind.LOCAL);
                assertThat(rig.awaitEnd().kind()).isEqualTo(CloseReason.Kind.PEER_END);
            }
        }
        assertThat(threads).containsExactly("handshakes");
    }

    static List<String> backends() {
        return TlsRig.backends();
    }

    /** The task comes back to a loop that is gone: whoever brings it closes the engine. */
    @ParameterizedTest
    @MethodSource("backends")
    void aLoopThatClosesInTheMeantimeLeavesNoEngineOpen(String backend) throws Exception {
        BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
        TlsContext real = TlsBackend.named(backend)
                .context(server().handshakesOn(held::add).build());
        TlsEngine engine = spy(real.server());
        TlsContext context = mock(TlsContext.class);
        when(context.backend()).thenReturn(real.backend());
        when(context.config()).thenReturn(real.config());
        when(context.server()).thenReturn(engine);
        IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults());
        try (group;
                ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .through(TlsLayer.of(context))
                        .open(group, accepted -> mock(StreamHandler.class));
                Socket peer = new Socket()) {
            peer.connect(listener.localAddress());
            Runnable task = held.take();
            group.close();
            assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
            verify(engine, never()).close();
            task.run();
            verify(engine).close();
        }
    }
}
