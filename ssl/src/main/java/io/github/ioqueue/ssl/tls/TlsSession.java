package io.github.ioqueue.ssl.tls;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Facts about a connection, taken when its handshake ended. Holds nothing of the engine.
 *
 * @param version the version of the protocol
 * @param cipherSuite by its standard name
 * @param applicationProtocol what ALPN agreed on; null if nothing
 * @param serverName the name the client asked for (SNI), in lower case; null if none
 * @param peerCertificates the peer's own certificate first, then its issuers; empty if it showed none
 * @param resumed whether an earlier session was resumed; null where the backend does not tell that to a server
 * @param ocspResponses what the server stapled about its certificates, undecoded and not checked (RFC 6066, 8); empty
 *     if nothing
 */
public record TlsSession(
        TlsVersion version,
        String cipherSuite,
        @Nullable String applicationProtocol,
        @Nullable String serverName,
        List<X509Certificate> peerCertificates,
        @Nullable Boolean resumed,
        List<ByteBuffer> ocspResponses) {

    /** Copies the lists. */
    public TlsSession {
        peerCertificates = List.copyOf(peerCertificates);
        ocspResponses = ocspResponses.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    }

    /** Version, suite and protocol, and whether it was resumed, in one line. */
    @Override
    public String toString() {
        return version + " " + cipherSuite + (applicationProtocol == null ? "" : " " + applicationProtocol)
                + (Boolean.TRUE.equals(resumed) ? ", resumed" : "");
    }
}
