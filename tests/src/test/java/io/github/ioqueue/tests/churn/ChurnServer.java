package io.github.ioqueue.tests.churn;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.AcceptHandler;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.ClientAuth;
import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A process that echoes by TLS, as anybody would write it, on three ports: one for everybody, one that is strict (TLS 1.3,
 * with a certificate of ours) and one that is hasty. It keeps no books but three numbers. Prints the ports; then, for each
 * line of its input, what it has served so far; ends with its input.
 */
final class ChurnServer implements AcceptHandler {

    /** So few that the warming up fills it: what is remembered then is no growth. */
    static final SessionCache SESSIONS = new SessionCache(500, Duration.ofHours(1));

    private static final Duration HASTE = Duration.ofMillis(200);

    private final LongAdder failed = new LongAdder();
    private final LongAdder served = new LongAdder();

    private ChurnServer() {}

    /** Its arguments: the backend, and the folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}. */
    public static void main(String[] args) throws IOException {
        TlsBackend backend = TlsBackend.named(args[0]);
        Path folder = Path.of(args[1]);
        ChurnServer server = new ChurnServer();
        try (IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults())) {
            List<ActiveListener> listeners = new ArrayList<>();
            listeners.add(server.listen(group, backend, config(folder)));
            listeners.add(server.listen(
                    group,
                    backend,
                    config(folder)
                            .versions(TlsVersion.TLS_1_3)
                            .clientAuth(ClientAuth.NEED)
                            .trust(Pem.certificates(folder.resolve("ca.pem")))));
            listeners.add(server.listen(group, backend, config(folder).handshakeTimeout(HASTE)));
            StringBuilder ports = new StringBuilder("READY");
            for (ActiveListener each : listeners) {
                ports.append(' ').append(((InetSocketAddress) each.localAddress()).getPort());
            }
            System.out.println(ports);
            server.answer(listeners);
        }
    }

    private static TlsConfig.Builder config(Path folder) throws IOException {
        return TlsConfig.builder()
                .identity(Pem.identity(folder.resolve("cert.pem"), folder.resolve("key.pem")))
                .sessions(SESSIONS);
    }

    private ActiveListener listen(IoQueueGroup group, TlsBackend backend, TlsConfig.Builder config) throws IOException {
        return Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .through(TlsLayer.of(backend.context(config.build())))
                .open(group, this);
    }

    private void answer(List<ActiveListener> listeners) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (in.readLine() != null) {
            System.gc();
            int open =
                    listeners.stream().mapToInt(ActiveListener::openConnections).sum();
            System.out.println(failed + " " + served + " " + open);
        }
    }

    @Override
    public StreamHandler onAccept(StreamSocket accepted) {
        served.increment();
        return Echo.INSTANCE;
    }

    @Override
    public void onAcceptFailed(ActiveListener listener, IOException failure) {
        failed.increment();
    }

    private enum Echo implements StreamHandler {
        INSTANCE;

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (socket.send(in) == Sent.FULL) {
                socket.pauseReading();
            }
        }

        @Override
        public void onWritable(StreamSocket socket) {
            socket.resumeReading();
        }
    }
}
