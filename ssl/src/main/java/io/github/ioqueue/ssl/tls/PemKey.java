package io.github.ioqueue.ssl.tls;

import io.github.ioqueue.ssl.tls.PemText.Block;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the private key of a PEM text. Every form becomes PKCS#8 first (RFC 5958).
 *
 * <pre>
 *   ENCRYPTED PRIVATE KEY ---- password ---&gt; +-------------+
 *   RSA PRIVATE KEY ---------- envelope ---&gt; | PRIVATE KEY | ---&gt; the key factory of its algorithm
 *   EC PRIVATE KEY ----------- envelope ---&gt; +-------------+
 * </pre>
 */
final class PemKey {

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final String CURVE = "EC PARAMETERS";

    private static final byte[] VERSION = {Der.INTEGER, 1, 0};
    /** The content of the object identifier 1.2.840.113549.1.1.1 (RFC 8017, A.1). */
    private static final byte[] RSA = {0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1};
    /** The content of the object identifier 1.2.840.10045.2.1 (RFC 5480, 2.1.1). */
    private static final byte[] EC = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private static final Map<String, String> FACTORIES = Map.of(
            "1.2.840.113549.1.1.1", "RSA",
            "1.2.840.113549.1.1.10", "RSASSA-PSS",
            "1.2.840.10045.2.1", "EC",
            "1.3.101.112", "EdDSA",
            "1.3.101.113", "EdDSA");

    private final PemText text;
    private final char @Nullable [] password;
    /** Of a block that stood before the key; OpenSSL writes one, and the same into the key. */
    private byte @Nullable [] curve;

    private PemKey(PemText text, char @Nullable [] password) {
        this.text = text;
        this.password = password;
    }

    /** The first key in a text. */
    static PrivateKey read(PemText text, char @Nullable [] password) throws TlsException {
        return new PemKey(text, password).read();
    }

    private PrivateKey read() throws TlsException {
        for (Block block : text.blocks()) {
            if (block.kind().equals(CURVE)) {
                curve = text.content(block);
            } else if (block.kind().endsWith(PKCS8)) {
                return read(block);
            }
        }
        throw bad("no private key in it");
    }

    private PrivateKey read(Block block) throws TlsException {
        List<String> kinds = List.of(PKCS8, ENCRYPTED, PKCS1, SEC1);
        if (!kinds.contains(block.kind())) {
            throw bad("its key is of the kind '" + block.kind() + "'; " + kinds + " are read");
        }
        if (block.body().contains("Proc-Type:") && block.body().contains("ENCRYPTED")) { // RFC 1421, 4.6.1.1
            throw bad("its " + block.kind() + " has OpenSSL's traditional encryption, which is weak;"
                    + " 'openssl pkcs8 -topk8 -in old.pem -out new.pem' converts it");
        }
        byte[] content = text.content(block);
        if (block.kind().equals(ENCRYPTED)) {
            byte[] decrypted = Pbes2.decrypt(text.origin(), content, password);
            try {
                return factory(decrypted).generatePrivate(new PKCS8EncodedKeySpec(decrypted));
            } catch (GeneralSecurityException | RuntimeException e) {
                // One wrong password in 256 leaves bytes that look well padded.
                throw Pbes2.wrongPassword(text.origin(), e);
            }
        }
        try {
            byte[] pkcs8 = switch (block.kind()) {
                case PKCS1 -> envelope(RSA, Der.element(Der.NULL), content);
                case SEC1 -> envelope(EC, curve(content), content);
                default -> content;
            };
            return factory(pkcs8).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | RuntimeException e) { // the factories throw anything at damaged keys
            throw bad("its key is damaged, or of a kind that this JDK does not have: " + e.getMessage(), e);
        }
    }

    /** What makes PKCS#8 of a key in the form of its own algorithm. */
    private static byte[] envelope(byte[] algorithm, byte[] parameters, byte[] key) {
        return Der.element(
                Der.SEQUENCE,
                VERSION,
                Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, algorithm), parameters),
                Der.element(Der.OCTET_STRING, key));
    }

    /** The curve inside a key of SEC1 (RFC 5915, 3), else the one before it. */
    private byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        ByteBuffer in = Der.only(sec1, Der.SEQUENCE);
        Der.next(in, Der.INTEGER);
        Der.next(in, Der.OCTET_STRING);
        byte[] found = Der.isNext(in, Der.CONTEXT_0) ? Der.bytes(Der.next(in, Der.CONTEXT_0)) : curve;
        if (found == null) {
            throw new InvalidKeySpecException("its curve is neither inside nor before it");
        }
        if (!Der.isNext(ByteBuffer.wrap(found), Der.OBJECT_IDENTIFIER)) {
            throw new InvalidKeySpecException("its curve has no name;"
                    + " 'openssl ec -param_enc named_curve -in old.pem -out new.pem' gives it one, if it has one");
        }
        return found;
    }

    private static KeyFactory factory(byte[] pkcs8) throws GeneralSecurityException {
        ByteBuffer in = Der.only(pkcs8, Der.SEQUENCE);
        Der.next(in, Der.INTEGER);
        String algorithm = Der.dotted(Der.next(Der.next(in, Der.SEQUENCE), Der.OBJECT_IDENTIFIER));
        String name = FACTORIES.get(algorithm);
        if (name == null) {
            throw new InvalidKeySpecException("its algorithm is " + algorithm + ", and none of "
                    + FACTORIES.values().stream().distinct().sorted().toList());
        }
        return KeyFactory.getInstance(name);
    }

    private TlsException bad(String what) {
        return text.origin().bad(what);
    }

    private TlsException bad(String what, Exception cause) {
        return text.origin().bad(what, cause);
    }
}
