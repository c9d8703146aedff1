package io.github.ioqueue.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What those who look for weak servers find at ours, as it is by default. */
@Tag("interop")
@Timeout(4 * Program.DEADLINE_SECONDS)
class TlsScanTest {

    private static final String MODERN_CIPHER = "TLSv1\\.3 TLS_(AES_\\d+_GCM|CHACHA20_POLY1305)_SHA\\d+"
            + "|TLSv1\\.2 ECDHE-(ECDSA|RSA)-(AES\\d+-GCM-SHA\\d+|CHACHA20-POLY1305)";

    private final TestAuthority authority = TestAuthority.create();

    @TempDir
    private Path folder;

    /** Which suites can be agreed on depends on the kind of the server's key. */
    static Stream<Arguments> combinations() {
        return TlsInteropTest.backends()
                .flatMap(backend -> Stream.of(KeyKind.EC, KeyKind.RSA).map(kind -> Arguments.of(backend, kind)));
    }

    @ParameterizedTest(name = "{0}, key {1}")
    @MethodSource("combinations")
    void sslscanFindsTwoVersionsAndModernSuitesOnly(String backend, KeyKind kind) throws Exception {
        Program.require("sslscan");
        Document found = scan(backend, kind);
        assertThat(all(found, "//protocol[@enabled='1']", "version")).containsExactlyInAnyOrder("1.2", "1.3");
        assertThat(all(found, "//cipher", "sslversion", "cipher"))
                .hasSizeBetween(4, 6)
                .allSatisfy(cipher -> assertThat(cipher).matches(MODERN_CIPHER));
        assertThat(all(found, "//heartbleed", "sslversion", "vulnerable"))
                .containsExactlyInAnyOrder("TLSv1.2 0", "TLSv1.3 0");
        assertThat(all(found, "//compression[@supported!='0']", "supported")).isEmpty();
        assertThat(all(found, "//renegotiation", "supported")).containsExactly("0");
        assertThat(all(found, "//pk", "error", "type")).containsExactly("false " + kind);
    }

    private Document scan(String backend, KeyKind kind) throws Exception {
        Path report = folder.resolve("scan.xml");
        try (EchoServer server = server(backend, kind);
                Program sslscan = Program.start(List.of(
                        "sslscan", "--no-colour", "--no-groups", "--xml=" + report, "localhost:" + server.port()))) {
            sslscan.output().readAllBytes();
            assertThat(sslscan.exitCode()).isZero();
        }
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    }

    private EchoServer server(String backend, KeyKind kind) throws Exception {
        TlsConfig config = TlsConfig.builder()
                .identity(authority
                        .request()
                        .key(kind)
                        .names("localhost", "127.0.0.1")
                        .issue())
                .build();
        return new EchoServer(
                FastTrack.ON,
                EchoServer.DEFAULT,
                TlsLayer.of(TlsBackend.named(backend).context(config)));
    }

    /** These attributes of all elements that a path finds. */
    private static List<String> all(Document found, String path, String... attributes) throws Exception {
        NodeList elements =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, found, XPathConstants.NODESET);
        return IntStream.range(0, elements.getLength())
                .mapToObj(i -> (Element) elements.item(i))
                .map(element -> Stream.of(attributes).map(element::getAttribute).collect(Collectors.joining(" ")))
                .toList();
    }

    /** A client that may choose them may choose the largest, and has a server work for nothing. */
    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.interop.TlsInteropTest#backends")
    void opensslFindsNoGroupOfAFiniteField(String backend) throws Exception {
        Program.require("openssl");
        String curve = "X25519";
        assertThat(agreedOn(backend, curve)).contains("Server Temp Key: " + curve);
        for (String group : List.of("ffdhe2048", "ffdhe8192")) {
            assertThat(agreedOn(backend, group)).as(group).contains("Cipher is (NONE)");
        }
    }

    private String agreedOn(String backend, String group) throws Exception {
        try (EchoServer server = server(backend, KeyKind.EC);
                Program client = Program.start(List.of(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + server.port(),
                        "-tls1_3",
                        "-groups",
                        group))) {
            CompletableFuture<Void> ended = client.write(new byte[0]);
            String output = new String(client.output().readAllBytes(), StandardCharsets.US_ASCII);
            ended.get(Program.DEADLINE_SECONDS, TimeUnit.SECONDS);
            return output;
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.interop.TlsInteropTest#backends")
    void opensslFindsSecureRenegotiationAndIsRefusedIt(String backend) throws Exception {
        Program.require("openssl");
        try (EchoServer server = server(backend, KeyKind.EC);
                Program client = Program.start(List.of(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + server.port(),
                        "-tls1_2",
                        "-CAfile",
                        authority.writePem(folder).toString()))) {
            // R at the beginning of a line has it negotiate anew
            CompletableFuture<Void> over = new CompletableFuture<>();
            CompletableFuture<Void> written = client.write("R\n".getBytes(StandardCharsets.US_ASCII), over);
            String output = new String(client.output().readAllBytes(), StandardCharsets.US_ASCII);
            over.complete(null);
            written.get(Program.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(output).contains("Secure Renegotiation IS supported", "Compression: NONE");
            CloseReason why = server.awaitEnd(Program.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(why.cause())
                    .isInstanceOfSatisfying(
                            TlsException.class,
                            e -> assertThat(e.reason())
                                    .as(String.valueOf(e.getCause()))
                                    .isEqualTo(TlsException.Reason.RENEGOTIATION));
        }
    }
}
