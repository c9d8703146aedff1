package io.github.ioqueue.examples.guide;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.BlockingStream;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.OffLoop;
import io.github.ioqueue.activesock.StreamHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Code that waits. */
final class Blocking {

    private Blocking() {}

    static ActiveListener offLoop(IoQueueGroup group, int port, Executor executor, Supplier<StreamHandler> slow)
            throws IOException {
        // guide begins
        ActiveListener listener = Listener.on(port).open(group, accepted -> OffLoop.on(executor, slow.get()));
        // guide ends
        return listener;
    }

    static byte[] ask(IoQueue queue, String host, int port, byte[] request, int answerBytes) throws IOException {
        // guide begins
        try (BlockingStream stream = new BlockingStream(Duration.ofSeconds(30))) {
            Connector.to(host, port).open(queue, stream);
            stream.output().write(request); // waits until it is open, and for room
            return stream.input().readNBytes(answerBytes);
        }
        // guide ends
    }
}
