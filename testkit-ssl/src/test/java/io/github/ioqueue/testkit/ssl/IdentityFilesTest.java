package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.Pkcs12;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Files.writeString(key(), "-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n");
        assertRefused(() -> Pem.identity(certificate(), key()), "key.pem", "DSA PRIVATE KEY", "EC PRIVATE KEY");
        Files.writeString(key(), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
        assertRefused(() -> Pem.identity(certificate(), key()), "key.pem", "no end");
        Files.writeString(key(), "-----BEGIN PRIVATE KEY-----\nA%AA\n-----END PRIVATE KEY-----\n");
        assertRefused(() -> Pem.identity(certificate(), key()), "key.pem", "not base64");
        Files.writeString(key(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertRefused(() -> Pem.identity(certificate(), key()), "key.pem", "damaged");
        Files.writeString(key(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertRefused(() -> Pem.certificates(key()), "key.pem", "cannot be read");
    }

    @Test
    void textsAreReadAsFilesAre() throws Exception {
        TlsIdentity identity = authority.identity("a.test");
        TestAuthority.writePem(identity, folder);
        String chain = "Subject: whatever\n" + Files.readString(certificate());
        assertThat(Pem.identity(chain, Files.readString(key()), null).chain()).isEqualTo(identity.chain());
        assertThat(Pem.certificates(chain + chain)).hasSize(2);
        assertRefused(() -> Pem.identity(chain, chain, null), "the text with the key", "no private key");
    }

    @Test
    void aFileThatIsTooLargeIsNotReadToItsEnd() throws Exception {
        Files.write(key(), new byte[(1 << 20) + 1]);
        assertRefused(() -> Pem.certificates(key()), "key.pem", "more than 1048576 bytes");
        assertRefused(() -> Pkcs12.certificates(key(), new char[0]), "key.pem", "more than 1048576 bytes");
        assertRefused(() -> Pem.certificates(folder.resolve("none.pem")), "none.pem", "NoSuchFile");
    }
}
