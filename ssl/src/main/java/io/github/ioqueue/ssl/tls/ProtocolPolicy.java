package io.github.ioqueue.ssl.tls;

/** What becomes of a connection on which ALPN agrees on no application protocol (RFC 7301). */
public enum ProtocolPolicy {
    /** It goes on without one. */
    OPTIONAL,
    /** A server refuses a client that offers some, but none of its own; a peer without ALPN is let in. */
    REFUSE_OTHERS,
    /** It fails, at either end: no peer can be talked into another protocol. */
    REQUIRED
}
