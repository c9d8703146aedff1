package io.github.ioqueue.ssl.tls;

import java.time.Duration;

/**
 * How much of a peer is borne before it is cut off.
 *
 * @param handshakeTimeout how long a handshake may take
 * @param handshakeBytes how many bytes a peer may send until its handshake is done
 * @param handshakes how many accepted connections of one layer may be in their handshakes at a time; more are reset
 * @param recordsWithoutData how many records without data a peer may send in a row: key updates, tickets, warnings, empty
 *     records
 * @param renegotiations how often a peer may negotiate anew with TLS 1.2; 0: never
 */
public record TlsLimits(
        Duration handshakeTimeout, int handshakeBytes, int handshakes, int recordsWithoutData, int renegotiations) {

    /** Checks. */
    public TlsLimits {
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("a handshake takes some time, not " + handshakeTimeout);
        }
        if (handshakeBytes <= 0 || handshakes <= 0 || recordsWithoutData <= 0 || renegotiations < 0) {
            throw new IllegalArgumentException("no handshake is within " + handshakeBytes + " bytes, " + handshakes
                    + " handshakes, " + recordsWithoutData + " records without data, " + renegotiations
                    + " renegotiations");
        }
    }

    /** Ten seconds, 256 KiB, 4,096 handshakes, 32 records, no renegotiation. */
    public static TlsLimits defaults() {
        return new TlsLimits(Duration.ofSeconds(10), 256 << 10, 4096, 32, 0);
    }

    /** With another time for a handshake. */
    public TlsLimits withHandshakeTimeout(Duration timeout) {
        return new TlsLimits(timeout, handshakeBytes, handshakes, recordsWithoutData, renegotiations);
    }

    /** With another number of bytes for a handshake. */
    public TlsLimits withHandshakeBytes(int bytes) {
        return new TlsLimits(handshakeTimeout, bytes, handshakes, recordsWithoutData, renegotiations);
    }

    /** With another number of handshakes at a time. */
    public TlsLimits withHandshakes(int count) {
        return new TlsLimits(handshakeTimeout, handshakeBytes, count, recordsWithoutData, renegotiations);
    }

    /** With another number of records without data. */
    public TlsLimits withRecordsWithoutData(int count) {
        return new TlsLimits(handshakeTimeout, handshakeBytes, handshakes, count, renegotiations);
    }

    /** With another number of renegotiations. */
    public TlsLimits withRenegotiations(int count) {
        return new TlsLimits(handshakeTimeout, handshakeBytes, handshakes, recordsWithoutData, count);
    }
}
