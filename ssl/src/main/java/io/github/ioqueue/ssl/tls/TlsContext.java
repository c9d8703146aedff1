package io.github.ioqueue.ssl.tls;

import org.jspecify.annotations.Nullable;

/** A configuration made ready by a backend: set up once, used by many connections. Thread-safe. */
public interface TlsContext {

    /** The backend that made it. */
    TlsBackend backend();

    /** What it was made of. */
    TlsConfig config();

    /**
     * A new engine for a connection opened here.
     *
     * @param host the name or address to verify, and the name to ask for (SNI); null only where verifying names is off
     * @param port tells cached sessions of one host apart
     * @throws TlsException if names are to be verified and there is none, or the backend cannot make an engine
     */
    TlsEngine client(@Nullable String host, int port) throws TlsException;

    /**
     * A new engine for an accepted connection.
     *
     * @throws TlsException if there is no identity to show, or the backend cannot make an engine
     */
    TlsEngine server() throws TlsException;
}
