package io.github.ioqueue.ssl.tls;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes identities and trust from a {@link KeyStore} that is loaded already, of whatever type. For PKCS#12 files see
 * {@link Pkcs12}. Every failure is a {@link TlsException} by {@link TlsException.Reason#BAD_CONFIGURATION}.
 */
public final class KeyStores {

    private KeyStores() {}

    /**
     * The identity of one entry. Its key is decoded here, once, if the store gives it away at all.
     *
     * @param password of the entry; null if it has none, as in a store of the operating system
     * @throws TlsException if there is no such entry, it is none of a private key with its certificates, or its password
     *     is wrong
     */
    public static TlsIdentity identity(KeyStore store, String alias, char @Nullable [] password) throws TlsException {
        return open(store).identity(alias, password);
    }

    /**
     * All trusted certificates; those of identities are not among them.
     *
     * @throws TlsException if there is none, or the store is not loaded
     */
    public static List<X509Certificate> certificates(KeyStore store) throws TlsException {
        return open(store).certificates();
    }

    private static OpenStore open(KeyStore store) {
        return new OpenStore(new Origin("key store of the type " + store.getType()), store);
    }
}
