package io.github.ioqueue.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenSSL's programs against our server and our client, on each backend and with each version. */
@Tag("interop")
@Timeout(2 * Program.DEADLINE_SECONDS)
class TlsInteropTest {

    private final TestAuthority authority = TestAuthority.create();

    @TempDir
    private Path folder;

    static Stream<Arguments> combinations() {
        return Stream.of("jdk", "conscrypt")
                .flatMap(backend -> Stream.of(TlsVersion.values()).map(version -> Arguments.of(backend, version)));
    }

    private static String option(TlsVersion version) {
        return version == TlsVersion.TLS_1_2 ? "-tls1_2" : "-tls1_3";
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("combinations")
    void whatOpensslSendsComesBackWhole(String backend, TlsVersion version) throws Exception {
        Program.require("openssl");
        String authorities = authority.writePem(folder).toString();
        TlsConfig config = TlsConfig.builder()
                .identity(authority.identity("localhost", "127.0.0.1"))
                .build();
        TlsLayer layer = TlsLayer.of(TlsBackend.named(backend).context(config));
        byte[] bytes = new byte[4 << 20];
        new Random(1).nextBytes(bytes);
        try (EchoServer server = new EchoServer(FastTrack.ON, EchoServer.DEFAULT, layer);
                Program client = Program.start(List.of(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + server.port(),
                        option(version),
                        "-CAfile",
                        authorities,
                        "-verify_return_error",
                        "-verify_ip",
                        "127.0.0.1",
                        "-quiet",
                        "-no_ign_eof",
                        "-nocommands"))) {
            CompletableFuture<Void> allBack = new CompletableFuture<>();
            CompletableFuture<Void> written = client.write(bytes, allBack);
            assertThat(client.output().readNBytes(bytes.length)).isEqualTo(bytes);
            allBack.complete(null);
            written.get(Program.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(client.exitCode()).isZero();
            assertThat(server.awaitEnd(Program.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .extracting(CloseReason::kind)
                    .isEqualTo(CloseReason.Kind.PEER_END);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("combinations")
    void opensslAnswersOurClient(String backend, TlsVersion version) throws Exception {
        Program.require("openssl");
        TestAuthority.writePem(authority.identity("localhost"), folder);
        TlsConfig config = TlsConfig.builder()
                .trust(authority.certificates())
                .versions(version)
                .build();
        TlsLayer layer = TlsLayer.of(TlsBackend.named(backend).context(config));
        try (IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults());
                Program server = Program.start(List.of(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:0",
                        option(version),
                        "-rev",
                        "-cert",
                        folder.resolve("cert.pem").toString(),
                        "-key",
                        folder.resolve("key.pem").toString()))) {
            Lines lines = new Lines();
            Connector.to("localhost", port(server)).through(layer).open(group.next(), lines);
            assertThat(lines.answer.get(Program.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(Lines.text(true));
        }
    }

    /** It tells the port that the system chose. */
    static int port(Program server) throws IOException {
        BufferedReader output = new BufferedReader(new InputStreamReader(server.output(), StandardCharsets.US_ASCII));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("ACCEPT ")) {
                return Integer.parseInt(
                        line.substring(line.lastIndexOf(':') + 1).trim());
            }
        }
        throw new AssertionError("openssl s_server does not listen");
    }

    /** Sends lines; with the option -rev each comes back with its characters in reverse. */
    private static final class Lines implements StreamHandler {
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final StringBuilder received = new StringBuilder();

        static String text(boolean reversed) {
            return IntStream.range(0, 2000)
                    .mapToObj(i -> "line " + i + " of many")
                    .map(line -> (reversed ? new StringBuilder(line).reverse() : line) + "\n")
                    .collect(Collectors.joining());
        }

        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(ByteBuffer.wrap(text(false).getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            received.append(StandardCharsets.US_ASCII.decode(in));
            if (received.length() == text(true).length()) {
                socket.close();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            answer.complete(why.cause() == null ? received.toString() : why.toString());
        }
    }
}
