package io.github.ioqueue.ssl.tls;

import io.github.ioqueue.ssl.tls.PemText.Block;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys in their textual form (RFC 7468), from files of up to 1 MiB, or from texts that come from
 * elsewhere: an environment variable, a vault. Every failure is a {@link TlsException} by
 * {@link TlsException.Reason#BAD_CONFIGURATION} that names the file, and never shows what is secret.
 *
 * <p>Four forms of a private key are read; of several keys, the first.
 *
 * <table>
 *   <caption>Forms of private keys</caption>
 *   <tr><th>block</th><th>form</th><th>keys</th></tr>
 *   <tr><td>{@code PRIVATE KEY}</td><td>PKCS#8</td><td>RSA, RSASSA-PSS, EC, Ed25519, Ed448</td></tr>
 *   <tr><td>{@code ENCRYPTED PRIVATE KEY}</td>
 *     <td>PKCS#8 in PBES2: PBKDF2 with HMAC-SHA1, 256, 384 or 512, and AES-128 or 256 in CBC</td><td>the same</td></tr>
 *   <tr><td>{@code RSA PRIVATE KEY}</td><td>PKCS#1</td><td>RSA</td></tr>
 *   <tr><td>{@code EC PRIVATE KEY}</td><td>SEC1, with a named curve</td><td>EC</td></tr>
 * </table>
 *
 * OpenSSL's traditional encryption of the last two is refused; the message says how to convert it.
 */
public final class Pem {

    private Pem() {}

    /**
     * All certificates in a file, in their order.
     *
     * @throws TlsException if there is none, or one that cannot be read
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        return certificates(PemText.of(file));
    }

    /**
     * All certificates in a text, not in a file, in their order.
     *
     * @throws TlsException if there is none, or one that cannot be read
     */
    public static List<X509Certificate> certificates(String text) throws TlsException {
        return certificates(PemText.of("the text with certificates", text));
    }

    /**
     * The identity of a file with its certificate, the issuers behind it, and a file with its private key, not encrypted;
     * both may be the same file.
     *
     * @throws TlsException if something is missing, of another kind, or key and certificate do not belong together
     */
    public static TlsIdentity identity(Path chain, Path key) throws IOException {
        return identity(chain, key, null);
    }

    /**
     * The identity of a file with its certificate, the issuers behind it, and a file with its private key; both may be the
     * same file.
     *
     * @param password what decrypts the key; of no concern when the key is not encrypted. It stays the caller's, who may
     *     erase it afterwards
     * @throws TlsException if something is missing, of another kind, or key and certificate do not belong together; if the
     *     password is wrong, or missing
     */
    public static TlsIdentity identity(Path chain, Path key, char @Nullable [] password) throws IOException {
        return identity(PemText.of(chain), PemText.of(key), password);
    }

    /**
     * The identity of a text with its certificate, the issuers behind it, and a text with its private key; both may be the
     * same text. They are the texts themselves, not the names of files.
     *
     * @param password as for files
     * @throws TlsException as for files; texts stand in its message as "the text with certificates" and "the text with the
     *     key"
     */
    public static TlsIdentity identity(String chain, String key, char @Nullable [] password) throws TlsException {
        return identity(
                PemText.of("the text with certificates", chain), PemText.of("the text with the key", key), password);
    }

    private static TlsIdentity identity(PemText chain, PemText key, char @Nullable [] password) throws TlsException {
        PrivateKey privateKey = PemKey.read(key, password);
        TlsIdentity identity = new TlsIdentity(privateKey, certificates(chain));
        if (!KeyMatch.belongs(identity)) {
            throw key.origin()
                    .bad("the key in it does not belong to the certificate in "
                            + chain.origin().name());
        }
        return identity;
    }

    private static List<X509Certificate> certificates(PemText text) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : text.blocks()) {
            if (block.kind().equals("CERTIFICATE")) {
                certificates.add(certificate(text, text.content(block)));
            }
        }
        if (certificates.isEmpty()) {
            throw text.origin().bad("no certificate in it");
        }
        return certificates;
    }

    private static X509Certificate certificate(PemText text, byte[] content) throws TlsException {
        try {
            // The JDK's factory reads indefinite lengths too, by recursion: as deep as the text wants.
            Der.only(content, Der.SEQUENCE);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (GeneralSecurityException | RuntimeException e) { // the factory throws anything at damaged ones
            throw text.origin().bad("a certificate in it cannot be read: " + e.getMessage(), e);
        }
    }
}
