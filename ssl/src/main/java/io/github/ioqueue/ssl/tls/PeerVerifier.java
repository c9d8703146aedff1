package io.github.ioqueue.ssl.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A check of one's own, behind the library's: it can refuse a peer, never admit one. Called within the handshake, on the
 * polling thread unless handshakes run elsewhere: it must not block. It is not asked again when a session is resumed.
 */
@FunctionalInterface
public interface PeerVerifier {

    /**
     * Looks at a peer whose chain, name and pins are good.
     *
     * @param chain the peer's own certificate first, as it sent them
     * @param host the name that was verified; null for a client's certificate
     * @throws CertificateException to refuse; the message is told to the handler, the peer gets an alert
     */
    void verify(List<X509Certificate> chain, @Nullable String host) throws CertificateException;
}
