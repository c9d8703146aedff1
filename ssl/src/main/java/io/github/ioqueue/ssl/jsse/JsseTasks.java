package io.github.ioqueue.ssl.jsse;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Hands out the tasks of an {@link SSLEngine}, and keeps what fails in them for the next step. */
final class JsseTasks {

    private final SSLEngine engine;
    private final JsseHandshake handshake;
    private @Nullable RuntimeException failure;
    private boolean ran;

    JsseTasks(SSLEngine engine, JsseHandshake handshake) {
        this.engine = engine;
        this.handshake = handshake;
    }

    /** As {@link io.github.ioqueue.ssl.tls.TlsEngine#takeTask}. */
    @Nullable Runnable take() {
        Runnable first = engine.getDelegatedTask();
        return first == null ? null : () -> run(first);
    }

    private void run(Runnable task) {
        handshake.enter();
        try {
            task.run(); // one: a provider may have another for ever, and is asked again by who counts
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            ran = true;
            JsseHandshake.leave();
        }
    }

    /** Returns what a task threw, once; null if none did. */
    @Nullable RuntimeException takeFailure() {
        RuntimeException thrown = failure;
        failure = null;
        return thrown;
    }

    /** Returns true, once, after a task has run. */
    boolean takeRan() {
        boolean any = ran;
        ran = false;
        return any;
    }
}
