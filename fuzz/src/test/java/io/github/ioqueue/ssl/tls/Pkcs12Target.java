package io.github.ioqueue.ssl.tls;

import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

/** Any bytes as a PKCS#12 file: they are read, or refused as a bad configuration. */
public final class Pkcs12Target {

    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Path FILE = temporary();

    private Pkcs12Target() {}

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("fuzz", ".p12");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        try {
            Pkcs12.identity(FILE, PASSWORD);
        } catch (TlsException e) {
            require(e);
        }
        try {
            Pkcs12.certificates(FILE, PASSWORD);
        } catch (TlsException e) {
            require(e);
        }
    }

    private static void require(TlsException refused) {
        if (refused.reason() != Reason.BAD_CONFIGURATION) {
            throw new AssertionError("refused for another reason", refused);
        }
    }

    /** Files with an identity, and with what is trusted; cheap to read. */
    public static List<byte[]> seeds() throws GeneralSecurityException, IOException {
        for (String what : List.of("certPbe", "keyPbe", "mac")) {
            System.setProperty("keystore.pkcs12." + what + "IterationCount", "1");
        }
        TestAuthority authority = TestAuthority.create();
        TlsIdentity identity = authority.identity("localhost");
        KeyStore keys = empty();
        keys.setKeyEntry("own", identity.key(), PASSWORD, identity.chain().toArray(new X509Certificate[0]));
        KeyStore trust = empty();
        trust.setCertificateEntry("authority", authority.certificates().get(0));
        return List.of(bytes(keys), bytes(trust));
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        return store;
    }

    private static byte[] bytes(KeyStore store) throws GeneralSecurityException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, PASSWORD);
        return out.toByteArray();
    }
}
