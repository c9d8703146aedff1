package io.github.ioqueue.ssl.tls;

/** A fatal alert that this end may send (RFC 8446, 6): the kind that {@link TlsEngine#fail} asks for. */
public enum TlsAlert {
    /** A message that does not fit here, or a peer that does not speak TLS. */
    UNEXPECTED_MESSAGE(10),
    /** A record that cannot be decrypted. */
    BAD_RECORD_MAC(20),
    /** A record longer than the protocol allows. */
    RECORD_OVERFLOW(22),
    /** No parameters that both ends accept. */
    HANDSHAKE_FAILURE(40),
    /** A certificate that is not valid. */
    BAD_CERTIFICATE(42),
    /** A certificate of a kind that is not supported. */
    UNSUPPORTED_CERTIFICATE(43),
    /** A certificate outside its period of validity. */
    CERTIFICATE_EXPIRED(45),
    /** A certificate that is not acceptable for another reason. */
    CERTIFICATE_UNKNOWN(46),
    /** A field out of its range, or at odds with other fields. */
    ILLEGAL_PARAMETER(47),
    /** A chain that leads to no trusted authority. */
    UNKNOWN_CA(48),
    /** Access is refused. */
    ACCESS_DENIED(49),
    /** A message that cannot be parsed. */
    DECODE_ERROR(50),
    /** A signature or a verification of the handshake that is wrong. */
    DECRYPT_ERROR(51),
    /** A version that is not supported. */
    PROTOCOL_VERSION(70),
    /** Parameters below what this end requires. */
    INSUFFICIENT_SECURITY(71),
    /** A failure of this end that has nothing to do with the protocol. */
    INTERNAL_ERROR(80),
    /** The user gave up during the handshake. As a warning it announces a close_notify; as a fatal alert it does not. */
    USER_CANCELED(90),
    /** A new handshake is refused (RFC 5246, 7.2.2). */
    NO_RENEGOTIATION(100),
    /** The server knows no such name. */
    UNRECOGNIZED_NAME(112),
    /** The peer must show a certificate. */
    CERTIFICATE_REQUIRED(116),
    /** No application protocol that both ends speak (RFC 7301, 3.2). */
    NO_APPLICATION_PROTOCOL(120);

    private final int code;

    TlsAlert(int code) {
        this.code = code;
    }

    /** Returns its number on the wire. */
    public int code() {
        return code;
    }
}
