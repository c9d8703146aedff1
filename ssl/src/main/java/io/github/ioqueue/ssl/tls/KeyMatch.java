package io.github.ioqueue.ssl.tls;

import java.security.GeneralSecurityException;
import java.security.Signature;

/** Whether a private key and a certificate belong together: what the one signs, the other verifies. */
final class KeyMatch {

    private static final byte[] SAMPLE = {1, 2, 3, 4};

    private KeyMatch() {}

    static boolean belongs(TlsIdentity identity) {
        String algorithm = identity.key().getAlgorithm();
        try {
            Signature signature = Signature.getInstance(
                    switch (algorithm) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> algorithm;
                    });
            if (algorithm.equals("RSASSA-PSS")) {
                return true; // its parameters are the key's affair; the handshake will tell
            }
            signature.initSign(identity.key());
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(identity.certificate().getPublicKey());
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException | RuntimeException e) { // the providers throw anything at damaged keys
            return false;
        }
    }
}
