package io.github.ioqueue.ssl.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key store that is loaded.
 *
 * @param origin where it comes from
 * @param store the store itself
 */
record OpenStore(Origin origin, KeyStore store) {

    /** The one identity. */
    TlsIdentity identity(char @Nullable [] password) throws TlsException {
        List<String> found = keys();
        if (found.size() != 1) {
            String names = found.isEmpty() ? "" : "; choose by the alias, of " + found;
            throw origin.bad(found.size() + " keys in it, and one is needed" + names);
        }
        return identity(found.get(0), password);
    }

    TlsIdentity identity(String alias, char @Nullable [] password) throws TlsException {
        try {
            if (!store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
                throw origin.bad("no private key under the alias '" + alias + "'; those in it are " + keys());
            }
            Certificate[] chain = store.getCertificateChain(alias);
            if (chain == null || chain.length == 0) {
                throw origin.bad("no certificate for the key under the alias '" + alias + "'");
            }
            return new TlsIdentity((PrivateKey) store.getKey(alias, password), x509(List.of(chain)));
        } catch (GeneralSecurityException | RuntimeException e) { // stores throw anything at damaged keys
            throw origin.bad("the key under the alias '" + alias + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /** Those that stand there as trusted; not those of identities. */
    List<X509Certificate> certificates() throws TlsException {
        List<Certificate> trusted = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)) {
                    trusted.add(store.getCertificate(alias));
                }
            }
            if (trusted.isEmpty()) {
                throw origin.bad("no trusted certificate in it; 'keytool -importcert' makes such entries");
            }
            return x509(trusted);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw origin.bad("it cannot be read: " + e.getMessage(), e);
        }
    }

    private List<String> keys() throws TlsException {
        List<String> keys = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
                    keys.add(alias);
                }
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw origin.bad("it cannot be read: " + e.getMessage(), e);
        }
        return keys;
    }

    private static List<X509Certificate> x509(List<Certificate> certificates) {
        return certificates.stream().map(X509Certificate.class::cast).toList();
    }
}
