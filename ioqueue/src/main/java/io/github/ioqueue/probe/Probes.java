package io.github.ioqueue.probe;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.WaitEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts several probes where a queue takes one. */
public final class Probes {

    private Probes() {}

    /** A probe that tells each of these, in this order. */
    public static QueueProbe all(QueueProbe... probes) {
        return new All(List.of(probes));
    }

    private record All(List<QueueProbe> probes) implements QueueProbe {

        @Override
        public void registered(IoKey key) {
            probes.forEach(probe -> probe.registered(key));
        }

        @Override
        public void submitted(IoKey key, IoOp op) {
            probes.forEach(probe -> probe.submitted(key, op));
        }

        @Override
        public void attempted(IoKey key, IoOp op, boolean finished) {
            probes.forEach(probe -> probe.attempted(key, op, finished));
        }

        @Override
        public void completed(IoKey key, IoOp op, boolean inline) {
            probes.forEach(probe -> probe.completed(key, op, inline));
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            probes.forEach(probe -> probe.callbackBegins(key, op));
        }

        @Override
        public void callbackEnds(IoKey key, @Nullable IoOp op) {
            probes.forEach(probe -> probe.callbackEnds(key, op));
        }

        @Override
        public void closed(IoKey key) {
            probes.forEach(probe -> probe.closed(key));
        }

        @Override
        public void polled(IoQueue queue, WaitEnd why, int ready) {
            probes.forEach(probe -> probe.polled(queue, why, ready));
        }
    }
}
