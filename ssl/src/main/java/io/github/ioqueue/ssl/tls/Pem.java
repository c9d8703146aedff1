package io.github.ioqueue.ssl.tls;

import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys in their textual form (RFC 7468). Every failure names the file. */
public final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private record Block(String kind, ByteBuffer bytes) {
        byte[] content() {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return copy;
        }
    }

    private Pem() {}

    /**
     * All certificates in a file, in their order.
     *
     * @throws TlsException if there is none, or one that cannot be read
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.kind().equals("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content())));
                }
            }
        } catch (CertificateException e) {
            throw bad(file, "a certificate in it cannot be read: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw bad(file, "no certificate in it");
        }
        return certificates;
    }

    /**
     * The identity of a file with its certificate, the issuers behind it, and a file with its private key in PKCS#8; both
     * may be the same file.
     *
     * @throws TlsException if something is missing, of another kind, or key and certificate do not belong together
     */
    public static TlsIdentity identity(Path chain, Path key) throws IOException {
        TlsIdentity identity = new TlsIdentity(privateKey(key), certificates(chain));
        if (!KeyMatch.belongs(identity)) {
            throw bad(key, "the key in it does not belong to the certificate in " + chain);
        }
        return identity;
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        for (Block block : blocks(file)) {
            if (block.kind().equals("PRIVATE KEY")) {
                return pkcs8(file, block.content());
            }
            if (block.kind().endsWith("PRIVATE KEY")) {
                throw bad(
                        file,
                        "its key is of the kind '" + block.kind()
                                + "'; PRIVATE KEY is read, which 'openssl pkcs8 -topk8" + " -nocrypt' makes of it");
            }
        }
        throw bad(file, "no private key in it");
    }

    /** Which algorithm it is for is inside; the one factory that can read it knows. */
    private static PrivateKey pkcs8(Path file, byte[] content) throws TlsException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
            } catch (InvalidKeySpecException e) {
                // Then it is for another.
            } catch (GeneralSecurityException e) {
                throw bad(file, "its key cannot be read: " + e.getMessage(), e);
            }
        }
        throw bad(file, "its key is damaged, or for none of " + KEY_ALGORITHMS);
    }

    private static List<Block> blocks(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                byte[] content = Base64.getMimeDecoder().decode(matcher.group(2));
                blocks.add(new Block(matcher.group(1), ByteBuffer.wrap(content)));
            } catch (IllegalArgumentException e) {
                throw bad(file, "a " + matcher.group(1) + " in it is not base64", e);
            }
        }
        return blocks;
    }

    private static TlsException bad(Path file, String what) {
        return new TlsException(Reason.BAD_CONFIGURATION, file + ": " + what);
    }

    private static TlsException bad(Path file, String what, Exception cause) {
        return new TlsException(Reason.BAD_CONFIGURATION, file + ": " + what, cause);
    }
}
