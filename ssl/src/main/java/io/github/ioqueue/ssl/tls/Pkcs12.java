package io.github.ioqueue.ssl.tls;

import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an identity from a PKCS#12 file (RFC 7292). Every failure names the file. */
public final class Pkcs12 {

    private Pkcs12() {}

    /**
     * The one identity in a file. Its key is decoded here, once.
     *
     * @throws TlsException if the password is wrong, or there is not exactly one key
     */
    public static TlsIdentity identity(Path file, char[] password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            List<TlsIdentity> found = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey key) {
                    found.add(new TlsIdentity(key, chain(store.getCertificateChain(alias))));
                }
            }
            if (found.size() != 1) {
                throw bad(file, found.size() + " keys in it, and one is needed", null);
            }
            return found.get(0);
        } catch (TlsException e) {
            throw e;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw bad(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static List<X509Certificate> chain(Certificate[] certificates) {
        return Arrays.stream(certificates).map(X509Certificate.class::cast).toList();
    }

    private static TlsException bad(Path file, String what, @Nullable Exception cause) {
        return new TlsException(Reason.BAD_CONFIGURATION, file + ": " + what, cause);
    }
}
