package consumer;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that uses the library from outside: an echo server, and a client that says one line to it. */
public final class Main {

    private static final String LINE = "seen from outside";

    private Main() {}

    /**
     * Runs once and ends; fails unless the line comes back.
     *
     * @param args none
     * @throws Exception when it fails
     */
    public static void main(String[] args) throws Exception {
        requireWithoutJSpecify();
        requireTls();
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (IoQueueGroup group = IoQueueGroup.open(2, IoQueueConfig.defaults());
                ActiveListener listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .open(group, accepted -> StreamSocket::send)) {
            Connector.to(listener.localAddress()).open(group.next(), new Client(answer));
            String got = answer.get(10, TimeUnit.SECONDS);
            if (!got.equals(LINE)) {
                throw new AssertionError("not the line that was sent: " + got);
            }
        }
        System.out.println("consumer: echoed in " + Main.class.getModule());
    }

    /** The library is annotated with JSpecify, but nobody needs it to compile or to run. */
    private static void requireWithoutJSpecify() {
        if (Main.class.getClassLoader().getResource("org/jspecify/annotations/NullMarked.class") != null) {
            throw new AssertionError("JSpecify came along");
        }
    }

    /** The JDK's TLS is found as a service, on both paths. */
    private static void requireTls() throws TlsException {
        TlsLayer layer = TlsLayer.of(TlsConfig.defaults());
        if (!layer.context().backend().name().equals(TlsBackend.JDK)) {
            throw new AssertionError("not the JDK's TLS: " + layer);
        }
    }

    private record Client(CompletableFuture<String> answer) implements StreamHandler {
        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(ByteBuffer.wrap(LINE.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (in.remaining() >= LINE.length()) {
                answer.complete(StandardCharsets.UTF_8.decode(in).toString());
                socket.close();
            }
        }
    }
}
