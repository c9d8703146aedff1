package io.github.ioqueue.tests.tls;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.function.Supplier;

/** TLS connections with both ends on one queue, which the test polls. */
final class TlsPairs extends PolledQueue {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    /** So that what is not read is not in the system's hands. */
    private static final int SOCKET_BUFFER = 64 << 10;

    private final TlsLayer client;
    private final ActiveListener listener;

    TlsPairs(IoQueueConfig.Builder config, String backend, TlsVersion version, Supplier<StreamHandler> server)
            throws IOException {
        super(config);
        client = TlsRig.layer(
                backend,
                TlsConfig.builder()
                        .trust(AUTHORITY.certificates())
                        .versions(version)
                        .serverName("localhost")
                        .build());
        TlsConfig shown =
                TlsConfig.builder().identity(AUTHORITY.identity("localhost")).build();
        listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .option(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER)
                .through(TlsRig.layer(backend, shown))
                .open(queue, socket -> server.get());
    }

    void open(StreamHandler handler) {
        Connector.to(listener.localAddress())
                .option(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER)
                .through(client)
                .open(queue, handler);
    }

    int openConnections() {
        return listener.openConnections();
    }

    @Override
    public void close() throws IOException {
        run(listener::close);
        super.close();
    }
}
