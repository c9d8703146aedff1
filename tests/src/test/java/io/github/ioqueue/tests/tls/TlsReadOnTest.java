package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that ends with its stream, and an answer behind that end. */
class TlsReadOnTest {

    private static final byte[] ANSWER = new byte[100_000];

    static {
        new Random(1).nextBytes(ANSWER);
    }

    private final TestAuthority authority = TestAuthority.create();

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#backends")
    void theAnswerIsReadWholeExactlyWhereTheEngineReadsOn(String backend) throws Exception {
        Asking asking = new Asking();
        try (IoQueueGroup group = IoQueueGroup.open(2, IoQueueConfig.defaults());
                ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .through(TlsRig.layer(
                                TlsBackend.JDK, // which may send behind its peer's end
                                TlsConfig.builder()
                                        .identity(authority.identity("localhost"))
                                        .build()))
                        .open(group.queues().get(0), accepted -> new Answering())) {
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            TlsConfig config =
                    TlsConfig.builder().trust(authority.certificates()).build();
            Connector.to("localhost", port)
                    .through(TlsRig.layer(backend, config))
                    .open(group.queues().get(1), asking);
            CloseReason why = asking.end.get(TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS);
            boolean readsOn = TlsBackend.named(backend).capabilities().contains(TlsCapability.READ_ON);
            assertThat(why.kind()).isEqualTo(readsOn ? CloseReason.Kind.PEER_END : CloseReason.Kind.TRUNCATED);
            assertThat(asking.received.toByteArray()).isEqualTo(readsOn ? ANSWER : new byte[0]);
        }
    }

    private static final class Asking implements StreamHandler {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final CompletableFuture<CloseReason> end = new CompletableFuture<>();

        @Override
        public void onOpen(StreamSocket socket) {
            socket.shutdownOutput();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            byte[] bytes = new byte[in.remaining()];
            in.get(bytes);
            received.writeBytes(bytes);
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            end.complete(why);
        }
    }

    private static final class Answering implements StreamHandler {
        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {}

        @Override
        public void onEnd(StreamSocket socket) {
            socket.send(ByteBuffer.wrap(ANSWER));
            socket.close();
        }
    }
}
