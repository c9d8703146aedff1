package io.github.ioqueue.ssl.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * The SHA-256 digest of a public key as it stands in a certificate, its SubjectPublicKeyInfo (RFC 7469, 2.4). It stays the
 * same when a certificate is renewed for the same key.
 *
 * @param sha256 the digest in base64
 */
public record SpkiPin(String sha256) {

    private static final int DIGEST_BYTES = 32;

    /** Checks that it is such a digest. */
    public SpkiPin {
        byte[] digest;
        try {
            digest = Base64.getDecoder().decode(sha256);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a pin is base64, not '" + sha256 + "'", e);
        }
        if (digest.length != DIGEST_BYTES) {
            throw new IllegalArgumentException(
                    "a pin has " + DIGEST_BYTES + " bytes, '" + sha256 + "' has " + digest.length);
        }
        sha256 = Base64.getEncoder().encodeToString(digest);
    }

    /** The pin of a certificate's key. */
    public static SpkiPin of(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return new SpkiPin(Base64.getEncoder().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
