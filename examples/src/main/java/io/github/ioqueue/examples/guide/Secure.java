package io.github.ioqueue.examples.guide;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.AcceptHandler;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.probe.TlsCounters;
import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** TLS. */
final class Secure {

    private Secure() {}

    static ActiveListener listen(IoQueueGroup group, int port, Path chain, Path key, AcceptHandler handlers)
            throws IOException {
        // guide begins
        TlsLayer tls = TlsLayer.of(
                TlsConfig.builder().identity(Pem.identity(chain, key)).build());
        ActiveListener listener = Listener.on(port).through(tls).open(group, handlers);
        // guide ends
        return listener;
    }

    static void connect(IoQueue queue, String host, int port, Path authorities, StreamHandler handler)
            throws IOException {
        // guide begins
        TlsLayer tls = TlsLayer.of(
                TlsConfig.builder().trust(Pem.certificates(authorities)).build());
        Connector.to(host, port).through(tls).open(queue, handler);
        // guide ends
    }

    static void renew(TlsLayer tls, Path chain, Path key) {
        // guide begins
        try {
            tls.reload(TlsConfig.builder().identity(Pem.identity(chain, key)).build());
        } catch (IOException e) {
            System.err.println("the certificate stays as it was: " + e.getMessage());
        }
        // guide ends
    }

    static TlsConfig guarded(TlsConfig.Builder config, Executor executor) {
        // guide begins
        return config.handshakesOn(executor)
                .limits(TlsLimits.defaults().withHandshakes(500))
                .build();
        // guide ends
    }

    static TlsLayer counted(TlsConfig config, TlsCounters counters) throws TlsException {
        // guide begins
        TlsBackend backend = TlsBackend.named("conscrypt");
        TlsLayer tls = TlsLayer.of(backend.context(config), counters);
        // guide ends
        return tls;
    }

    // guide begins
    /** A line in the clear, then TLS. */
    record StartTls(TlsLayer tls, StreamHandler secret) implements StreamHandler {

        private static final byte[] ASK = "STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] GO = "GO\r\n".getBytes(StandardCharsets.US_ASCII);

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (in.remaining() < ASK.length) {
                return; // not enough yet
            }
            in.position(in.position() + ASK.length);
            socket.send(ByteBuffer.wrap(GO));
            try {
                tls.server(socket, secret); // bytes behind the line are read as TLS
            } catch (TlsException e) {
                socket.abort(CloseReason.of(e));
            }
        }
    }
    // guide ends
}
