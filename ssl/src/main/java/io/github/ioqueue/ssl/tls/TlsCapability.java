package io.github.ioqueue.ssl.tls;

/** What one backend can do and another cannot. Some depend on the JDK that it runs on. */
public enum TlsCapability {
    /** With TLS 1.3, each direction ends by itself: after the peer's close_notify sending goes on. */
    HALF_CLOSE,
    /** After its own close_notify an engine reads on until the peer's; else what still comes is dropped, and told as lost. */
    READ_ON,
    /** A server resumes TLS 1.3 sessions. */
    RESUMPTION_1_3,
    /** Certificate checks and private-key operations are tasks, which may run off the loop. */
    TASKS,
    /** The cipher suites of TLS 1.3 can be chosen; those of TLS 1.2 can everywhere. */
    SUITE_CHOICE_1_3,
    /** The groups of the key exchange can be chosen. */
    GROUP_CHOICE,
    /** The signature schemes can be chosen. */
    SIGNATURE_CHOICE,
    /** A TLS 1.2 peer may be let negotiate anew: {@link TlsLimits#renegotiations}. */
    RENEGOTIATION,
    /** Keys are changed on request: {@link TlsEngine#rekey}. */
    REKEY,
    /** Keying material for other protocols can be had (RFC 5705): {@link TlsEngine#exportKeyingMaterial}. */
    EXPORTER,
    /** Identities and peers may have keys on Ed25519. */
    ED25519,
    /** Identities and peers may have keys for RSASSA-PSS only; other RSA keys sign in that way everywhere. */
    RSASSA_PSS,
    /** Of keys of several kinds for one name, a server shows one that the client can use. */
    KEY_CHOICE
}
