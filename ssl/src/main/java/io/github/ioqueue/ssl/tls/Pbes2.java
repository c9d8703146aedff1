package io.github.ioqueue.ssl.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.InvalidParameterSpecException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Decrypts a private key with a password, by PBES2 with PBKDF2 and AES-CBC (RFC 8018, 6.2). */
final class Pbes2 {

    /** Seconds of work. A count that is larger is damage, or malice. */
    static final int MOST_ITERATIONS = 10_000_000;

    private static final String WHAT_IS_READ =
            "; PBES2 with PBKDF2 and AES-CBC is read, which 'openssl pkcs8 -topk8 -v2 aes-256-cbc' makes";

    /** How the JDK names what is read. */
    private static final Pattern NAME = Pattern.compile("PBEWith(HmacSHA(?:1|256|384|512))AndAES_(128|256)");

    private Pbes2() {}

    /** The key in PKCS#8, not encrypted any more. */
    static byte[] decrypt(Origin origin, byte[] encrypted, char @Nullable [] password) throws TlsException {
        if (password == null) {
            throw origin.bad("its key is encrypted, and no password is given");
        }
        EncryptedPrivateKeyInfo info = parse(origin, encrypted);
        AlgorithmParameters parameters = info.getAlgParameters();
        // Which two algorithms PBES2 puts together is in the parameters; not every JDK's getAlgName looks there.
        String name = parameters == null || info.getAlgName().startsWith("PBEWithMD5")
                ? info.getAlgName()
                : String.valueOf(parameters);
        Matcher matcher = NAME.matcher(name);
        if (parameters == null || !matcher.matches()) {
            throw origin.bad("its key is encrypted by " + info.getAlgName() + WHAT_IS_READ);
        }
        PBEParameterSpec spec = spec(origin, parameters);
        if (spec.getIterationCount() > MOST_ITERATIONS) {
            throw origin.bad("its key takes " + spec.getIterationCount() + " iterations to decrypt; " + MOST_ITERATIONS
                    + " are the most");
        }
        try {
            SecretKey key = derive("PBKDF2With" + matcher.group(1), Integer.parseInt(matcher.group(2)), spec, password);
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, key, spec.getParameterSpec());
            return cipher.doFinal(info.getEncryptedData());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw wrongPassword(origin, e);
        }
    }

    /** What the one looks like is what the other looks like. */
    static TlsException wrongPassword(Origin origin, Exception cause) {
        return origin.bad("the password is wrong, or its key is damaged", cause);
    }

    private static EncryptedPrivateKeyInfo parse(Origin origin, byte[] encrypted) throws TlsException {
        try {
            return new EncryptedPrivateKeyInfo(encrypted);
        } catch (IOException | RuntimeException e) {
            throw origin.bad(
                    "its encrypted key is damaged, or by another algorithm: " + e.getMessage() + WHAT_IS_READ, e);
        }
    }

    private static PBEParameterSpec spec(Origin origin, AlgorithmParameters parameters) throws TlsException {
        try {
            return parameters.getParameterSpec(PBEParameterSpec.class);
        } catch (InvalidParameterSpecException | RuntimeException e) {
            throw origin.bad("its encrypted key is damaged: " + e.getMessage(), e);
        }
    }

    /** By itself, not by the JDK's PBES2: that one takes passwords in ASCII only, this one in UTF-8. */
    private static SecretKey derive(String algorithm, int bits, PBEParameterSpec spec, char[] password)
            throws GeneralSecurityException {
        PBEKeySpec keySpec = new PBEKeySpec(password, spec.getSalt(), spec.getIterationCount(), bits);
        try {
            SecretKey derived = SecretKeyFactory.getInstance(algorithm).generateSecret(keySpec);
            return new SecretKeySpec(derived.getEncoded(), "AES");
        } finally {
            keySpec.clearPassword();
        }
    }
}
