package io.github.ioqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How the programs end when something is wrong: a message on standard error, and an exit code that is not 0. */
@Timeout(60)
class ProcessEndTest {

    @TempDir
    private Path folder;

    @Test
    void echoEndsWhenItsLoopsHaveDied() throws Exception {
        try (IoqProcess echo = IoqProcess.start(
                DyingEcho.class, Redirect.PIPE, folder, "dying", "--port", "0", "--loops", "2", "--tls", "jdk")) {
            assertThat(echo.exitCode()).isEqualTo(1);
            assertThat(echo.errors().lines()).contains("ioq echo: an event loop has died: by a test");
            assertThat(folder.toFile().list((in, name) -> name.endsWith(".pem")))
                    .isEmpty();
        }
    }

    @Test
    void echoEndsWhenItCannotSayThatItListens() throws Exception {
        File full = new File("/dev/full");
        assumeTrue(full.exists(), "/dev/full is there");
        try (IoqProcess echo =
                IoqProcess.start(Main.class, Redirect.to(full), folder, "echo", "--port", "0", "--tls", "jdk")) {
            assertThat(echo.exitCode()).isEqualTo(1);
            assertThat(echo.errors().lines())
                    .last()
                    .asString()
                    .matches("ioq echo: cannot write READY \\d+ to standard output");
            assertThat(folder.toFile().list((in, name) -> name.endsWith(".pem")))
                    .isEmpty();
        }
    }

    @Test
    void aFailureWithoutAMessageHasAReason() {
        assertThat(Failures.tell(new UnsupportedAddressTypeException()))
                .isEqualTo("the address is of another family (IPv4, IPv6) than the socket");
        assertThat(Failures.tell(new IllegalStateException())).isEqualTo("no reason is known (IllegalStateException)");
    }

    /** Its input has not ended: a clean end would tell the peer that it has. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
    void connectResetsItsConnectionWhenASignalEndsIt() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                IoqProcess connect = IoqProcess.start(folder, "connect", "127.0.0.1:" + server.getLocalPort())) {
            connect.input().write("half of it".getBytes(StandardCharsets.US_ASCII));
            connect.input().flush();
            try (Socket peer = server.accept()) {
                peer.setSoTimeout(30_000);
                InputStream in = peer.getInputStream();
                assertThat(in.readNBytes(10)).asString().isEqualTo("half of it");
                connect.terminate();
                assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            }
            assertThat(connect.exitCode()).isNotZero();
        }
    }
}
