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
 * A context, and its backend, whose engines the test makes.
 *
 * @param engines makes the engine of a connection
 * @param capabilities what the backend says it can
 * @param config what it was made of
 */
public record ScriptedTls(Engines engines, Set<TlsCapability> capabilities, TlsConfig config)
        implements TlsContext, TlsBackend {

    /** Makes the engine of a connection. */
    @FunctionalInterface
    public interface Engines {

        /** Makes one, of a client or of a server. */
        TlsEngine engine(boolean client);
    }

    /** A context whose every engine is this one, at both ends. */
    public ScriptedTls(TlsEngine engine, Set<TlsCapability> capabilities, TlsConfig config) {
        this(client -> engine, capabilities, config);
    }

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
        return new ScriptedTls(engines, capabilities, other);
    }

    @Override
    public TlsEngine client(@Nullable String host, int port) {
        return engines.engine(true);
    }

    @Override
    public TlsEngine server() {
        return engines.engine(false);
    }
}
