package io.github.ioqueue.tests.churn;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process that opens connections to a {@link ChurnServer}: for each line {@code fail N} or {@code ok N} of its input so
 * many, some at a time, that fail in every way there is or echo some bytes; it answers {@code done}, or what went otherwise
 * than it should.
 */
final class ChurnClient {

    private static final int AT_A_TIME = 32;
    private static final byte[] BYTES = new byte[20_000];

    /** Of so many failures one waits until it is thrown out: that takes time. */
    private static final int ONE_SILENT_IN = 50;

    static {
        new Random(1).nextBytes(BYTES);
    }

    private final IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults());
    private final Semaphore free = new Semaphore(AT_A_TIME);
    private final AtomicReference<String> wrong = new AtomicReference<>();
    private final int[] ports;
    private final List<Way> failing;
    private final List<Way> good;

    /** A kind of connection: to the open port, the strict one or the hasty one. */
    private record Way(int port, StreamLayer layer, StreamHandler mischief) {}

    private ChurnClient(TlsBackend backend, Path folder, int[] ports) throws IOException {
        this.ports = ports;
        TestAuthority stranger = TestAuthority.create();
        var trust = Pem.certificates(folder.resolve("ca.pem"));
        failing = List.of(
                new Way(0, StreamLayer.NONE, Mischief.GARBAGE),
                new Way(0, StreamLayer.NONE, Mischief.CUT),
                new Way(0, StreamLayer.NONE, Mischief.CUT_LATER),
                new Way(0, StreamLayer.NONE, Mischief.RESET),
                // it alerts: the name, the issuer
                new Way(0, layer(backend, TlsConfig.builder().trust(trust).serverName("other.test")), null),
                new Way(0, layer(backend, TlsConfig.builder().trust(stranger.certificates())), null),
                // the server alerts: the version, the client's issuer
                new Way(1, layer(backend, TlsConfig.builder().trust(trust).versions(TlsVersion.TLS_1_2)), null),
                new Way(
                        1,
                        layer(backend, TlsConfig.builder().trust(trust).identity(stranger.identity("client"))),
                        null));
        good = List.of(
                new Way(0, layer(backend, TlsConfig.builder().trust(trust)), null),
                new Way(0, layer(backend, TlsConfig.builder().trust(trust).versions(TlsVersion.TLS_1_2)), null),
                new Way(0, layer(backend, TlsConfig.builder().trust(trust), SessionCache.none()), null));
    }

    private static TlsLayer layer(TlsBackend backend, TlsConfig.Builder config) throws IOException {
        return layer(backend, config, ChurnServer.SESSIONS);
    }

    private static TlsLayer layer(TlsBackend backend, TlsConfig.Builder config, SessionCache sessions)
            throws IOException {
        return TlsLayer.of(backend.context(config.sessions(sessions).build()));
    }

    /** Its arguments: the backend, the folder with {@code ca.pem}, and the server's three ports. */
    public static void main(String[] args) throws Exception {
        int[] ports = {Integer.parseInt(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4])};
        ChurnClient client = new ChurnClient(TlsBackend.named(args[0]), Path.of(args[1]), ports);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int count = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
            if (line.startsWith("fail ")) {
                client.fail(count);
            } else {
                client.succeed(count);
            }
            System.gc();
            System.out.println(client.wrong.get() == null ? "done" : client.wrong.get());
        }
        client.group.close();
    }

    // ---- connections that fail

    private void fail(int count) throws InterruptedException {
        Way silent = new Way(2, StreamLayer.NONE, Mischief.SILENT);
        for (int i = 0; i < count; i++) {
            Way way = i % ONE_SILENT_IN == 0 ? silent : failing.get(i % failing.size());
            open(way, new Failing(way));
        }
        awaitAll();
    }

    /** Passes on to the mischief, if there is any, and sees to it that the connection does not end well. */
    private final class Failing implements StreamHandler {
        private final Way way;

        Failing(Way way) {
            this.way = way;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            if (way.mischief != null) {
                way.mischief.onOpen(socket);
            } // else TLS 1.3 opens a client before its certificate is looked at
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (way.mischief != null) {
                way.mischief.onData(socket, in);
            } else {
                wrong.compareAndSet(null, "data behind a handshake that should have failed, " + way);
                in.position(in.limit());
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            if (way.mischief == null && why.cause() == null) {
                wrong.compareAndSet(null, "ended well: " + way + ", " + why);
            }
            free.release();
        }
    }

    // ---- connections that do not

    private void succeed(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            open(good.get(i % good.size()), new Echoed(1 + i * 37 % BYTES.length));
        }
        awaitAll();
    }

    /** Sends bytes, compares what comes back, closes in order. */
    private final class Echoed implements StreamHandler {
        private final int size;
        private int back;

        Echoed(int size) {
            this.size = size;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(ByteBuffer.wrap(BYTES, 0, size));
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            int n = in.remaining();
            if (back + n > size || !in.equals(ByteBuffer.wrap(BYTES, back, n))) {
                wrong.compareAndSet(null, "other bytes came back");
            }
            in.position(in.limit());
            back += n;
            if (back >= size) {
                socket.close();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            if (back != size || why.kind() != CloseReason.Kind.LOCAL) {
                wrong.compareAndSet(null, back + " of " + size + " bytes came back, " + why);
            }
            free.release();
        }
    }

    // ---- opening

    private void open(Way way, StreamHandler handler) throws InterruptedException {
        free.acquire();
        Connector.to("localhost", ports[way.port]).through(way.layer).open(group.next(), handler);
    }

    private void awaitAll() throws InterruptedException {
        free.acquire(AT_A_TIME);
        free.release(AT_A_TIME);
    }
}
