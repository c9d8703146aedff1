package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsAlgorithms;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A context, and its backend, whose every engine is one that the test made.
 *
 * @param engine what both ends get
 * @param capabilities what the backend says it can
 * @param config what it was made of
 */
public record ScriptedTls(TlsEngine engine, Set<TlsCapability> capabilities, TlsConfig config)
        implements TlsContext, TlsBackend {

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public String version() {
        return "none";
    }

    @Override
    public TlsAlgorithms algorithms() {
        return TlsAlgorithms.defaults();
    }

    @Override
    public TlsBackend backend() {
        return this;
    }

    @Override
    public TlsContext context(TlsConfig other) {
        return new ScriptedTls(engine, capabilities, other);
    }

    @Override
    public TlsEngine client(@Nullable String host, int port) {
        return engine;
    }

    @Override
    public TlsEngine server() {
        return engine;
    }
}
