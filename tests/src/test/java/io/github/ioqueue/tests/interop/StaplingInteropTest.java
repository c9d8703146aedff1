package io.github.ioqueue.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What OpenSSL's server staples about its certificate is seen by our client. */
@Tag("interop")
@Timeout(2 * Program.DEADLINE_SECONDS)
class StaplingInteropTest {

    private final TestAuthority authority = TestAuthority.create();

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("io.github.ioqueue.tests.interop.TlsInteropTest#combinations")
    void aStapledResponseIsSeen(String backend, TlsVersion version) throws Exception {
        Program.require("openssl");
        TlsIdentity identity = authority.identity("localhost");
        TestAuthority.writePem(identity, folder);
        byte[] response = authority.ocspResponse(identity.certificate());
        Files.write(folder.resolve("response.der"), response);
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
                        "-rev",
                        "-cert",
                        folder.resolve("cert.pem").toString(),
                        "-key",
                        folder.resolve("key.pem").toString(),
                        "-status_file",
                        folder.resolve("response.der").toString()))) {
            Once once = new Once(new CompletableFuture<>());
            Connector.to("localhost", server.listeningPort()).through(layer).open(group.next(), once);
            assertThat(once.session
                            .get(Program.DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .ocspResponses())
                    .isEqualTo(isTold(backend) ? List.of(ByteBuffer.wrap(response)) : List.of());
        }
    }

    /** Bouncy Castle keeps it to itself when the handshake is over. */
    private static boolean isTold(String backend) {
        return !backend.equals("bouncycastle");
    }

    /** Closes when it is open. */
    private record Once(CompletableFuture<TlsSession> session) implements StreamHandler {
        @Override
        public void onOpen(StreamSocket socket) {
            session.complete(((SslSocket) socket).session());
            socket.close();
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            in.position(in.limit());
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            session.completeExceptionally(new AssertionError(why.toString()));
        }
    }
}
