package io.github.ioqueue.benchmarks;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An active socket of this library. */
final class IoqueueSender implements Sender {

    private final IoQueueGroup group;
    private final StreamSocket socket;

    IoqueueSender(InetSocketAddress peer, FastTrack track) throws Exception {
        group = IoQueueGroup.open(1, IoQueueConfig.builder().fastTrack(track).build());
        CompletableFuture<StreamSocket> opened = new CompletableFuture<>();
        Connector.to(peer).open(group.next(), new Silent(opened));
        socket = opened.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void send(byte[] bytes) {
        if (socket.send(ByteBuffer.wrap(bytes)) != Sent.TAKEN) {
            throw new IllegalStateException(socket.explain());
        }
    }

    @Override
    public void close() throws Exception {
        group.close();
        group.awaitClosed(10, TimeUnit.SECONDS);
    }

    private record Silent(CompletableFuture<StreamSocket> opened) implements StreamHandler {
        @Override
        public void onOpen(StreamSocket open) {
            opened.complete(open);
        }

        @Override
        public void onData(StreamSocket open, ByteBuffer in) {
            throw new IllegalStateException("the peer is silent");
        }
    }
}
