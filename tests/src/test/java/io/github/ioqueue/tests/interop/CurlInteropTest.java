package io.github.ioqueue.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Curl against an HTTP server that is written with nothing but the public API, on each backend. */
@Tag("interop")
@Timeout(2 * TlsInteropTest.PATIENCE)
class CurlInteropTest {

    private static final String BACKENDS = "io.github.ioqueue.tests.interop.TlsInteropTest#backends";
    private static final int SMALL = 2 << 20;
    private static final int LARGE = 100 << 20;

    private final TestAuthority authority = TestAuthority.create();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void curlUploadsAndDownloads(String backend) throws Exception {
        upload(backend, SMALL);
        download(backend, SMALL);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void curlUploadsAndDownloadsAHundredMebibytes(String backend) throws Exception {
        upload(backend, LARGE);
        download(backend, LARGE);
    }

    private void upload(String backend, int size) throws Exception {
        byte[] bytes = Bytes.random(size);
        Path file = Files.write(folder.resolve("upload"), bytes);
        try (WebServer server = server(backend, new byte[0]);
                Program curl = curl(server, "--upload-file", file.toString(), "--header", "Expect:")) {
            String answer = new String(curl.output().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo(Bytes.checksum(bytes));
            assertEnds(curl, server);
        }
    }

    private void download(String backend, int size) throws Exception {
        byte[] bytes = Bytes.random(size);
        try (WebServer server = server(backend, bytes);
                Program curl = curl(server)) {
            assertThat(Bytes.checksum(curl.output())).isEqualTo(Bytes.checksum(bytes));
            assertEnds(curl, server);
        }
    }

    private WebServer server(String backend, byte[] content) throws Exception {
        TlsConfig config = TlsConfig.builder()
                .identity(authority.identity("localhost"))
                .applicationProtocols("http/1.1")
                .build();
        return new WebServer(TlsLayer.of(TlsBackend.named(backend).context(config)), content);
    }

    private Program curl(WebServer server, String... options) throws Exception {
        Program.require("curl");
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--fail",
                "--noproxy",
                "*",
                "--cacert",
                authority.writePem(folder).toString()));
        command.addAll(List.of(options));
        command.add(server.url());
        return Program.start(command, TlsInteropTest.PATIENCE);
    }

    private static void assertEnds(Program curl, WebServer server) throws Exception {
        assertThat(curl.exitCode()).isZero();
        assertThat(server.awaitEnd(TlsInteropTest.PATIENCE, TimeUnit.SECONDS))
                .extracting(CloseReason::kind)
                .isEqualTo(CloseReason.Kind.LOCAL);
    }
}
