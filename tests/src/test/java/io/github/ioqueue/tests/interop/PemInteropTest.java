package io.github.ioqueue.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.Pkcs12;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The key files that openssl writes. */
@Tag("interop")
class PemInteropTest {

    private static final char[] PASSWORD = "secret".toCharArray();

    @TempDir
    private Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    private void openssl(String command) throws Exception {
        Program.require("openssl");
        List<String> words = new ArrayList<>(List.of(("openssl " + command).split(" ")));
        words.replaceAll(word -> word.startsWith("@") ? file(word.substring(1)).toString() : word);
        try (Program program = Program.start(words)) {
            assertThat(program.exitCode()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({
        "-algorithm RSA, pkey -in @key.pem -out @out.pem",
        "-algorithm RSA, pkey -traditional -in @key.pem -out @out.pem",
        "-algorithm RSA, pkcs8 -topk8 -in @key.pem -out @out.pem -v2 aes-256-cbc -passout pass:secret",
        "-algorithm RSA-PSS, pkey -in @key.pem -out @out.pem",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256, pkey -in @key.pem -out @out.pem",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-384, pkey -traditional -in @key.pem -out @out.pem",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256, ecparam -name P-256 -genkey -out @out.pem",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-521,"
                + " pkcs8 -topk8 -in @key.pem -out @out.pem -v2 aes-128-cbc -v2prf hmacWithSHA512 -passout pass:secret",
        "-algorithm ED25519, pkey -in @key.pem -out @out.pem",
        "-algorithm ED25519, pkcs8 -topk8 -in @key.pem -out @out.pem -passout pass:secret",
        "-algorithm ED448, pkey -in @key.pem -out @out.pem",
    })
    void whatItWritesIsRead(String algorithm, String conversion) throws Exception {
        openssl("genpkey " + algorithm + " -out @key.pem");
        openssl(conversion);
        openssl("req -x509 -new -key @out.pem -passin pass:secret -subj /CN=a.test -days 2 -out @cert.pem");
        TlsIdentity identity = Pem.identity(file("cert.pem"), file("out.pem"), PASSWORD);
        assertThat(identity.isConsistent()).isTrue();
        openssl("pkcs12 -export -inkey @out.pem -passin pass:secret -in @cert.pem -name one -passout pass:secret"
                + " -out @one.p12");
        assertThat(Pkcs12.identity(file("one.p12"), PASSWORD, "one").chain()).isEqualTo(identity.chain());
    }
}
