package io.github.ioqueue.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Other people's TLS clients and servers against our server and client, on each backend and with each version. */
@Tag("interop")
@Timeout(2 * TlsInteropTest.PATIENCE)
class TlsInteropTest {

    /** Seconds, for hangs. */
    static final int PATIENCE = 240;

    private static final int SMALL = 2 << 20;
    private static final int LARGE = 100 << 20;
    private static final int HALF_CLOSED = 6_000_000;
    private static final int HALF_CLOSES = 3;

    private final TestAuthority authority = TestAuthority.create();

    @TempDir
    private Path folder;

    static Stream<Arguments> clients() {
        return Arrays.stream(ClientProgram.values()).flatMap(TlsInteropTest::onEach);
    }

    static Stream<Arguments> servers() {
        return Arrays.stream(ServerProgram.values()).flatMap(TlsInteropTest::onEach);
    }

    /** It takes minutes for gnutls-cli to print so much, so once on each backend is enough. */
    static Stream<Arguments> fastClients() {
        return clients().filter(each -> each.get()[0] != ClientProgram.GNUTLS || each.get()[2] == TlsVersion.TLS_1_3);
    }

    private static Stream<Arguments> onEach(Object program) {
        return combinations().map(each -> Arguments.of(program, each.get()[0], each.get()[1]));
    }

    static Stream<Arguments> combinations() {
        return backends()
                .flatMap(backend -> Arrays.stream(TlsVersion.values()).map(version -> Arguments.of(backend, version)));
    }

    /** All that are installed. */
    static Stream<String> backends() {
        return TlsBackend.installed().stream().map(TlsBackend::name).sorted();
    }

    @ParameterizedTest(name = "{0} and {1}, {2}")
    @MethodSource("clients")
    void whatAProgramSendsComesBackWhole(ClientProgram program, String backend, TlsVersion version) throws Exception {
        echoToProgram(program, backend, version, program.small());
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0} and {1}, {2}")
    @MethodSource("fastClients")
    void aHundredMebibytesOfAProgramsComeBackWhole(ClientProgram program, String backend, TlsVersion version)
            throws Exception {
        echoToProgram(program, backend, version, LARGE);
    }

    @ParameterizedTest(name = "{0} and {1}, {2}")
    @MethodSource("servers")
    void ourClientAndAProgramSendEachOther(ServerProgram program, String backend, TlsVersion version) throws Exception {
        exchangeWithProgram(program, backend, version, SMALL);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0} and {1}, {2}")
    @MethodSource("servers")
    void ourClientAndAProgramSendEachOtherAHundredMebibytes(ServerProgram program, String backend, TlsVersion version)
            throws Exception {
        exchangeWithProgram(program, backend, version, LARGE);
    }

    static Stream<Arguments> halfClosers() {
        return onEach(ClientProgram.SOCAT);
    }

    /** It ends its stream as soon as it has sent everything, by a close_notify, and reads on. */
    @ParameterizedTest(name = "{0} and {1}, {2}")
    @MethodSource("halfClosers")
    void theEchoComesWholeBehindAProgramsCloseNotify(ClientProgram program, String backend, TlsVersion version)
            throws Exception {
        Program.require(program.program());
        TlsConfig config = TlsConfig.builder()
                .identity(authority.identity("localhost", "127.0.0.1"))
                .build();
        TlsLayer layer = TlsLayer.of(TlsBackend.named(backend).context(config));
        byte[] bytes = Bytes.random(HALF_CLOSED);
        for (int i = 0; i < HALF_CLOSES; i++) {
            try (EchoServer server = new EchoServer(FastTrack.ON, EchoServer.DEFAULT, layer);
                    Program client = Program.start(
                            program.command(server.port(), authority.writePem(folder), version), PATIENCE)) {
                CompletableFuture<Void> written = client.write(bytes);
                byte[] back = client.output().readAllBytes();
                assertThat(back.length).as("bytes that came back").isEqualTo(bytes.length);
                assertThat(Bytes.checksum(back)).isEqualTo(Bytes.checksum(bytes));
                written.get(PATIENCE, TimeUnit.SECONDS);
                assertThat(client.exitCode()).isZero();
                assertThat(server.awaitEnd(PATIENCE, TimeUnit.SECONDS))
                        .extracting(CloseReason::kind)
                        .isEqualTo(CloseReason.Kind.PEER_END);
            }
        }
    }

    /** The program verifies our certificate, and is the one to end it. */
    private void echoToProgram(ClientProgram program, String backend, TlsVersion version, int size) throws Exception {
        Program.require(program.program());
        TlsConfig config = TlsConfig.builder()
                .identity(authority.identity("localhost", "127.0.0.1"))
                .build();
        TlsLayer layer = TlsLayer.of(TlsBackend.named(backend).context(config));
        byte[] bytes = Bytes.random(size);
        try (EchoServer server = new EchoServer(FastTrack.ON, EchoServer.DEFAULT, layer);
                Program client =
                        Program.start(program.command(server.port(), authority.writePem(folder), version), PATIENCE)) {
            CompletableFuture<Void> allBack = new CompletableFuture<>();
            CompletableFuture<Void> written = client.write(bytes, allBack);
            assertThat(Bytes.checksum(client.output(), size)).isEqualTo(Bytes.checksum(bytes));
            allBack.complete(null);
            written.get(PATIENCE, TimeUnit.SECONDS);
            assertThat(client.exitCode()).isZero();
            assertThat(server.awaitEnd(PATIENCE, TimeUnit.SECONDS))
                    .extracting(CloseReason::kind)
                    .isEqualTo(CloseReason.Kind.PEER_END);
        }
    }

    /** Our client verifies the program's certificate, and is the one to end it. */
    private void exchangeWithProgram(ServerProgram program, String backend, TlsVersion version, int size)
            throws Exception {
        Program.require(program.program());
        // an RSA key: GnuTLS does not read those on curves as Java writes them, without their public half
        TestAuthority.writePem(
                authority.request().key(KeyKind.RSA).names("localhost").issue(), folder);
        TlsConfig config = TlsConfig.builder().trust(authority.certificates()).build();
        TlsLayer layer = TlsLayer.of(TlsBackend.named(backend).context(config));
        byte[] here = program.echoes() ? Bytes.lines(size) : Bytes.random(size);
        byte[] there = program.echoes() ? here : Bytes.random(size + 1);
        try (IoQueueGroup group = IoQueueGroup.open(1, IoQueueConfig.defaults());
                Program server = Program.start(program.command(folder, version), PATIENCE, program.errors())) {
            Transfer transfer = new Transfer(here, there.length);
            Connector.to("localhost", server.listeningPort()).through(layer).open(group.next(), transfer);
            CompletableFuture<Void> done = new CompletableFuture<>();
            CompletableFuture<Void> written = done;
            if (!program.echoes()) {
                written = server.write(there, done);
                assertThat(Bytes.checksum(server.output(), size)).isEqualTo(Bytes.checksum(here));
            }
            assertThat(transfer.awaitReceived(PATIENCE)).isEqualTo(Bytes.checksum(there));
            assertThat(transfer.close(PATIENCE)).extracting(CloseReason::kind).isEqualTo(CloseReason.Kind.LOCAL);
            done.complete(null);
            written.get(PATIENCE, TimeUnit.SECONDS);
        }
    }
}
