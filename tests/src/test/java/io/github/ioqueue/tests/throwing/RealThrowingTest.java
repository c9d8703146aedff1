package io.github.ioqueue.tests.throwing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The same on real sockets: each kind of throwable leaves a handler, most of them made by the JVM itself. */
@Timeout(60)
class RealThrowingTest {

    private static final int PATIENCE_SECONDS = 5;
    private static final int BAD = 'B';
    private static final int GOOD = 'G';

    private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();

    /** Echoes, but throws on a bad byte. */
    private final class Echo implements StreamHandler {
        private final Thrown kind;

        Echo(Thrown kind) {
            this.kind = kind;
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (in.get(in.position()) == BAD) {
                RealThrowingTest.<RuntimeException>fail(kind);
            }
            socket.send(in);
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ends.add(why);
        }
    }

    /** Throws checked exceptions, too. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void fail(Thrown kind) throws E {
        switch (kind) {
            case STACK_OVERFLOW -> recurse(0);
            case DIRECT_MEMORY -> allocateAll();
            case ARRAY_SIZE -> assertThat(new byte[Integer.MAX_VALUE]).isNull();
            default -> throw (E) kind.make();
        }
    }

    private static long recurse(long n) {
        return n < 0 ? n : recurse(n + 1) + 1;
    }

    private static void allocateAll() {
        List<ByteBuffer> all = new ArrayList<>();
        for (int i = 0; i < Integer.MAX_VALUE; i++) {
            all.add(ByteBuffer.allocateDirect(Integer.MAX_VALUE));
        }
        assertThat(all).as("buffers of 2 GiB").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "REJECTED")
    void theConnectionAloneIsLost(Thrown kind) throws Exception {
        IoQueueConfig config = IoQueueConfig.builder()
                .errorHandler((queue, key, error) -> errors.add(error))
                .build();
        IoQueueGroup group = IoQueueGroup.open(1, config);
        try (group) {
            ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .open(group, socket -> new Echo(kind));
            talk(listener, kind);
            Awaitility.await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> listener.openConnections() == 0);
        }
        assertThat(group.awaitClosed(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(errors).isEmpty();
    }

    private void talk(ActiveListener listener, Thrown kind) throws Exception {
        try (Socket bystander = connect(listener);
                Socket bad = connect(listener)) {
            assertThat(echo(bystander)).isEqualTo(GOOD);
            bad.getOutputStream().write(BAD);
            CloseReason end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(end).isNotNull().extracting(CloseReason::kind).isEqualTo(CloseReason.Kind.FAILED);
            Throwable told = errors.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(told).hasSameClassAs(kind.make()).isSameAs(end.cause());
            assertThat(echo(bystander)).isEqualTo(GOOD);
            try (Socket fresh = connect(listener)) {
                assertThat(echo(fresh)).isEqualTo(GOOD);
            }
        }
    }

    private static Socket connect(ActiveListener listener) throws IOException {
        InetSocketAddress address = (InetSocketAddress) Objects.requireNonNull(listener.localAddress());
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return socket;
    }

    private static int echo(Socket socket) throws IOException {
        socket.getOutputStream().write(GOOD);
        return socket.getInputStream().read();
    }
}
