package io.github.ioqueue.ssl.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Reads identities and trust from a PKCS#12 file (RFC 7292) of up to 1 MiB. Every failure is a {@link TlsException} by
 * {@link TlsException.Reason#BAD_CONFIGURATION} that names the file. The password stays the caller's.
 */
public final class Pkcs12 {

    private Pkcs12() {}

    /**
     * The one identity in a file. Its key is decoded here, once.
     *
     * @throws TlsException if the password is wrong, or there is not exactly one key
     */
    public static TlsIdentity identity(Path file, char[] password) throws IOException {
        return matched(file, open(file, password).identity(password));
    }

    /**
     * The identity under an alias, which OpenSSL calls the friendly name. Its key is decoded here, once.
     *
     * @throws TlsException if the password is wrong, or there is no such key
     */
    public static TlsIdentity identity(Path file, char[] password, String alias) throws IOException {
        return matched(file, open(file, password).identity(alias, password));
    }

    /**
     * All trusted certificates in a file. Only an attribute of Java's makes one trusted: keytool writes it, OpenSSL since
     * 3.2 with {@code -jdktrust anyExtendedKeyUsage}. Certificates of identities are not among them.
     *
     * @throws TlsException if the password is wrong, or there is none
     */
    public static List<X509Certificate> certificates(Path file, char[] password) throws IOException {
        return open(file, password).certificates();
    }

    private static OpenStore open(Path file, char[] password) throws TlsException {
        Origin origin = Origin.of(file);
        byte[] content = origin.read(file);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            return new OpenStore(origin, store);
        } catch (GeneralSecurityException | IOException | RuntimeException e) { // anything at damaged files
            throw origin.bad(String.valueOf(e.getMessage()), e);
        }
    }

    private static TlsIdentity matched(Path file, TlsIdentity identity) throws TlsException {
        if (!KeyMatch.belongs(identity)) {
            throw Origin.of(file).bad("the key in it does not belong to its certificate");
        }
        return identity;
    }
}
