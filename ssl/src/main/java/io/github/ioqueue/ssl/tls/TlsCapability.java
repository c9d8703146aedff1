package io.github.ioqueue.ssl.tls;

/** What one backend can do and another cannot. */
public enum TlsCapability {
    /** With TLS 1.3, each direction ends by itself: after the peer's close_notify sending goes on. */
    HALF_CLOSE,
    /** A server resumes TLS 1.3 sessions. */
    RESUMPTION_1_3,
    /** Certificate checks and private-key operations are tasks, which may run off the loop. */
    TASKS
}
