package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.KeyStores;
import io.github.ioqueue.ssl.tls.Pkcs12;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities and trust from key stores, of files and of memory. */
class KeyStoresTest {

    private static final char[] PASSWORD = "secret".toCharArray();

    private final TestAuthority authority = TestAuthority.create();
    private final TlsIdentity one = authority.identity("one.test");
    private final TlsIdentity two = authority.identity("two.test");

    @TempDir
    private Path folder;

    private KeyStore store;

    @BeforeEach
    void begin() throws Exception {
        store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
    }

    private void put(String alias, TlsIdentity identity) throws Exception {
        store.setKeyEntry(alias, identity.key(), PASSWORD, identity.chain().toArray(Certificate[]::new));
    }

    private Path file() throws Exception {
        Path file = folder.resolve("some.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        return file;
    }

    private static void assertRefused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TlsException.class,
                        e -> assertThat(e.reason()).isEqualTo(TlsException.Reason.BAD_CONFIGURATION))
                .hasMessageContainingAll(words);
    }

    @Test
    void theOneIdentityOfAFileIsRead() throws Exception {
        put("one", one);
        TlsIdentity read = Pkcs12.identity(file(), PASSWORD);
        assertThat(read.chain()).isEqualTo(one.chain());
        assertThat(read.isConsistent()).isTrue();
    }

    @Test
    void ofSeveralIdentitiesTheAliasChooses() throws Exception {
        put("one", one);
        put("two", two);
        Path file = file();
        assertThat(Pkcs12.identity(file, PASSWORD, "two").chain()).isEqualTo(two.chain());
        assertRefused(() -> Pkcs12.identity(file, PASSWORD), "some.p12", "2 keys", "[one, two]");
        assertRefused(() -> Pkcs12.identity(file, PASSWORD, "three"), "some.p12", "'three'", "[one, two]");
    }

    @Test
    void whatIsWrongWithAFileIsNamed() throws Exception {
        Path empty = file();
        assertRefused(() -> Pkcs12.identity(empty, PASSWORD), "some.p12", "0 keys");
        assertRefused(() -> Pkcs12.certificates(empty, PASSWORD), "some.p12", "no trusted certificate");
        put("one", one);
        Path file = file();
        assertRefused(() -> Pkcs12.identity(file, "wrong".toCharArray()), "some.p12", "password");
        Files.write(file, new byte[] {0x30, 0x03, 1, 2, 3});
        assertRefused(() -> Pkcs12.identity(file, PASSWORD), "some.p12");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        put("mixed", new TlsIdentity(one.key(), two.chain()));
        Path file = file();
        assertRefused(() -> Pkcs12.identity(file, PASSWORD), "some.p12", "does not belong");
    }

    @Test
    void whatIsTrustedIsReadWithoutTheIdentities() throws Exception {
        put("one", one);
        store.setCertificateEntry("authority", authority.certificates().get(0));
        assertThat(Pkcs12.certificates(file(), PASSWORD)).isEqualTo(authority.certificates());
        assertThat(KeyStores.certificates(store)).isEqualTo(authority.certificates());
    }

    @Test
    void aStoreInMemoryServesAsWell() throws Exception {
        put("one", one);
        assertThat(KeyStores.identity(store, "one", PASSWORD).chain()).isEqualTo(one.chain());
        assertRefused(() -> KeyStores.identity(store, "two", PASSWORD), "type PKCS12", "'two'", "[one]");
        assertRefused(() -> KeyStores.identity(store, "one", "wrong".toCharArray()), "'one'", "cannot be read");
        assertRefused(
                () -> KeyStores.certificates(KeyStore.getInstance("PKCS12")), "cannot be read"); // it is not loaded
    }
}
