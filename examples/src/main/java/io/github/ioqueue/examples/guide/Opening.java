package io.github.ioqueue.examples.guide;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.AcceptHandler;
import io.github.ioqueue.activesock.ActiveDatagram;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Opening and closing. */
final class Opening {

    private Opening() {}

    static ActiveListener listen(IoQueueGroup group, int port, AcceptHandler handlers) throws IOException {
        // guide begins
        StreamConfig limits = StreamConfig.forServers() // idle after 10 min, write-stalled after 1 min
                .withIdleTimeout(Duration.ofMinutes(2))
                .withReadTimeout(Duration.ofSeconds(30))
                .withStallTimeout(Duration.ofSeconds(20))
                .withMaxQueued(256 << 10, 100);
        ActiveListener listener = Listener.on(port)
                .limit(5_000)
                .refuseBeyondLimit(true)
                .config(limits)
                .open(group, handlers);
        // guide ends
        return listener;
    }

    static void connect(IoQueue queue, String host, int port, StreamHandler handler) {
        // guide begins
        Connector.to(host, port)
                .deadline(Duration.ofSeconds(5)) // for resolving and all addresses together
                .attemptDelay(Duration.ofMillis(250)) // then the next address is tried beside the first
                .from(new InetSocketAddress(40_000), 1000) // any of a thousand local ports
                .open(queue, handler);
        // guide ends
    }

    static CompletableFuture<Void> stop(ActiveListener listener, IoQueueGroup group) {
        // guide begins
        CompletableFuture<Void> stopped = listener.drain(Duration.ofSeconds(10)).thenAccept(report -> {
            report.cut().forEach(connection -> System.err.println("cut: " + connection));
            group.close();
        });
        // guide ends
        return stopped;
    }

    static ActiveDatagram datagrams(IoQueue queue, InetSocketAddress local) throws IOException {
        // guide begins
        ActiveDatagram echo = ActiveDatagram.open(queue, local, (socket, sender, data) -> {
            if (socket.send(data, sender) == Sent.FULL) {
                System.err.println("dropped one, as a network may");
            }
        });
        // guide ends
        return echo;
    }
}
