package io.github.ioqueue.probe;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.WaitEnd;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * Makes callbacks and polls events of the flight recorder: {@code io.github.ioqueue.Callback} with its duration, {@code
 * io.github.ioqueue.Poll}. The only class that needs module {@code jdk.jfr}; without it leave it alone. Any thread.
 */
public final class JfrProbe implements QueueProbe {

    private final ThreadLocal<CallbackEvent> open = ThreadLocal.withInitial(CallbackEvent::new);

    /** Creates a probe; while nobody records, its events cost next to nothing. */
    public JfrProbe() {}

    @Name("io.github.ioqueue.Callback")
    @Label("Callback")
    @Category("ioqueue")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads its fields
    private static final class CallbackEvent extends Event {
        @Label("Key")
        long key;

        @Label("Operation")
        String operation = "";
    }

    @Name("io.github.ioqueue.Poll")
    @Label("Poll")
    @Category("ioqueue")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads its field
    private static final class PollEvent extends Event {
        @Label("End")
        String end = "";

        @Label("Ready sockets")
        int ready;
    }

    @Override
    public void callbackBegins(IoKey key, @Nullable IoOp op) {
        CallbackEvent event = new CallbackEvent();
        if (event.isEnabled()) {
            open.set(event);
            event.begin();
        }
    }

    @Override
    public void callbackEnds(IoKey key, @Nullable IoOp op) {
        CallbackEvent event = open.get();
        if (event.isEnabled() && event.shouldCommit()) {
            event.key = key.number();
            event.operation = op == null ? "CLOSED" : OpKind.of(op).name();
            event.commit();
        }
        open.remove();
    }

    @Override
    public void polled(IoQueue queue, WaitEnd why, int ready) {
        PollEvent event = new PollEvent();
        if (event.shouldCommit()) {
            event.end = why.name();
            event.ready = ready;
            event.commit();
        }
    }
}
