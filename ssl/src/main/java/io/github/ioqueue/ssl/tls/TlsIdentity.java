package io.github.ioqueue.ssl.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that vouch for it.
 *
 * @param key the private key, ready for use
 * @param chain its own certificate first, then the issuers, without the root
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {

    /** Copies the list, which has at least one certificate. */
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity has at least one certificate");
        }
    }

    /** Whether key and certificate belong together: what the one signs, the other verifies. */
    public boolean isConsistent() {
        return KeyMatch.belongs(this);
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Whose it is, without the key. */
    @Override
    public String toString() {
        return "TlsIdentity[" + certificate().getSubjectX500Principal() + ", "
                + certificate().getPublicKey().getAlgorithm() + "]";
    }
}
