package io.github.ioqueue.testkit;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;

/** Two connected sockets over loopback, both registered with the queue of a lab. */
final class Loopback {

    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    final Recorder nearRecorder = new Recorder();
    final Recorder farRecorder = new Recorder();

    /** The end that connected. */
    final IoKey near;

    /** The end that was accepted. */
    final IoKey far;

    Loopback(Lab lab) {
        this(lab, Lab.here(() -> lab.queue.openListener().bind(ANY_PORT)), Lab.here(lab.queue::openStream));
    }

    Loopback(Lab lab, IoSocket listener, IoSocket connecting) {
        IoKey listening = Lab.here(() -> lab.queue.register(listener, new Recorder()));
        near = Lab.here(() -> lab.queue.register(connecting, nearRecorder));
        ConnectOp connect = new ConnectOp(listener.localAddress());
        AcceptOp accept = new AcceptOp();
        lab.submit(listening, accept);
        lab.submit(near, connect);
        lab.until(() -> !connect.isPending() && !accept.isPending());
        if (connect.failure() != null || accept.failure() != null) {
            throw new AssertionError("not connected: " + connect.failure() + ", " + accept.failure());
        }
        far = Lab.here(() -> lab.queue.register(accept.accepted(), farRecorder));
        lab.inLoop(listening::close);
        lab.settle();
        nearRecorder.completed.clear();
    }

    /** Tears the near end down so that the far one sees a reset. */
    void resetNear() {
        Lab.here(() -> near.socket().option(StandardSocketOptions.SO_LINGER, 0));
        near.close();
    }
}
