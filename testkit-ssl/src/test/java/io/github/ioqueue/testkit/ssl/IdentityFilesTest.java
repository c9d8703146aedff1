package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.Pkcs12;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Identities and authorities from files. */
class IdentityFilesTest {

    private final TestAuthority authority = TestAuthority.create();

    @TempDir
    private Path folder;

    private Path certificate() {
        return folder.resolve("cert.pem");
    }

    private Path key() {
        return folder.resolve("key.pem");
    }

    private static void assertRefused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TlsException.class,
                        e -> assertThat(e.reason()).isEqualTo(TlsException.Reason.BAD_CONFIGURATION))
                .hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenAsPemIsRead(TestAuthority.KeyKind kind) throws Exception {
        TlsIdentity identity = authority.request().key(kind).names("a.test").issue();
        TestAuthority.writePem(identity, folder);
        TlsIdentity read = Pem.identity(certificate(), key());
        assertThat(read.chain()).isEqualTo(identity.chain());
        assertThat(read.key().getEncoded()).isEqualTo(identity.key().getEncoded());
        assertThat(read.toString()).doesNotContain("PRIVATE");
        assertThat(Pem.certificates(authority.writePem(folder))).isEqualTo(authority.certificates());
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        TestAuthority.writePem(authority.identity("a.test"), folder);
        Path other = Files.createDirectory(folder.resolve("other"));
        TestAuthority.writePem(authority.identity("a.test"), other);
        assertRefused(() -> Pem.identity(certificate(), other.resolve("key.pem")), "other", "does not belong");
    }

    @Test
    void whatIsMissingOrOfAnotherKindIsNamed() throws Exception {
        TestAuthority.writePem(authority.identity("a.test"), folder);
        assertRefused(() -> Pem.identity(key(), key()), "key.pem", "no certificate");
        assertRefused(() -> Pem.identity(certificate(), certificate()), "cert.pem", "no private key");
        Files.writeString(key(), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        assertRefused(() -> Pem.identity(certificate(), key()), "key.pem", "RSA PRIVATE KEY", "openssl pkcs8");
        Files.writeString(key(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertRefused(() -> Pem.identity(certificate(), key()), "key.pem", "damaged");
        Files.writeString(key(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertRefused(() -> Pem.certificates(key()), "key.pem", "cannot be read");
    }

    @Test
    void anIdentityIsReadFromPkcs12() throws Exception {
        char[] password = "secret".toCharArray();
        TlsIdentity identity = authority.identity("a.test");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("one", identity.key(), password, identity.chain().toArray(Certificate[]::new));
        Path file = folder.resolve("one.p12");
        save(store, file, password);
        assertThat(Pkcs12.identity(file, password).chain()).isEqualTo(identity.chain());
        assertRefused(() -> Pkcs12.identity(file, "wrong".toCharArray()), "one.p12");
        store.deleteEntry("one");
        save(store, file, password);
        assertRefused(() -> Pkcs12.identity(file, password), "one.p12", "0 keys");
    }

    private static void save(KeyStore store, Path file, char[] password) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
    }
}
