package io.github.ioqueue.ssl.tls;

/** Whether a server asks its clients for a certificate. */
public enum ClientAuth {
    /** It does not. */
    NONE,
    /** It asks; a client without one is served, too. A bad one is refused. */
    WANT,
    /** It asks; a client without one is refused. */
    NEED
}
