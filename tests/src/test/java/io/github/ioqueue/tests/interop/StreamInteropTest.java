package io.github.ioqueue.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.CloseReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Socat and netcat against the echo, by checksum. The buffer sizes lie below, around and above the sizes that programs
 * read and write in, so that writes end short at every kind of place.
 */
@Tag("interop")
@Timeout(2 * Program.DEADLINE_SECONDS)
class StreamInteropTest {

    /** More than pipes, socket buffers at their largest and the send queue hold together: somebody has to wait. */
    private static final int MORE_THAN_BUFFERS_HOLD = 24 << 20;

    /** What the reader waits for before it begins. */
    private interface Start {
        boolean await(long timeout, TimeUnit unit) throws InterruptedException;
    }

    private static final Start AT_ONCE = (timeout, unit) -> true;

    static Stream<Arguments> combinations() {
        return Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(1))
                .flatMap(track -> IntStream.of(EchoServer.DEFAULT, 4096, 9000, 20_000, 50_000)
                        .mapToObj(size -> Arguments.of(track, size)));
    }

    @ParameterizedTest(name = "fast track {0}, buffers {1}")
    @MethodSource("combinations")
    void whatSocatSendsComesBackWhole(FastTrack track, int bufferSize) throws Exception {
        Program.require("socat");
        try (EchoServer server = new EchoServer(track, bufferSize)) {
            exchange(server, socat(server), 4 << 20, AT_ONCE);
        }
    }

    @ParameterizedTest(name = "fast track {0}, buffers {1}")
    @MethodSource("combinations")
    void whatSocatReadsLateComesBackWhole(FastTrack track, int bufferSize) throws Exception {
        Program.require("socat");
        try (EchoServer server = new EchoServer(track, bufferSize)) {
            exchange(server, socat(server), MORE_THAN_BUFFERS_HOLD, server::awaitPipeFilled);
        }
    }

    @ParameterizedTest(name = "fast track {0}, buffers {1}")
    @MethodSource("combinations")
    void whatWaitedInTheSendQueueComesBackWhole(FastTrack track, int bufferSize) throws Exception {
        Program.require("bash");
        try (EchoServer server = new EchoServer(track, bufferSize)) {
            List<String> command = twoProcesses(server, MORE_THAN_BUFFERS_HOLD);
            exchange(server, command, MORE_THAN_BUFFERS_HOLD, server::awaitFull);
        }
    }

    @ParameterizedTest(name = "fast track {0}, buffers {1}")
    @MethodSource("combinations")
    void whatNetcatSendsComesBackWhole(FastTrack track, int bufferSize) throws Exception {
        requireNetcatThatHalfCloses();
        try (EchoServer server = new EchoServer(track, bufferSize)) {
            exchange(server, List.of("nc", "-N", "127.0.0.1", server.port()), 4 << 20, AT_ONCE);
        }
    }

    private static List<String> socat(EchoServer server) {
        // -t: how long to wait for the rest after the input's end; the deadline of the test is shorter
        return List.of("socat", "-t", "600", "-", "TCP:127.0.0.1:" + server.port());
    }

    /**
     * One process that writes to the connection and one that reads it. Socat and netcat stop sending while they wait to
     * write their output; here the sender goes on until the server stops it.
     */
    private static List<String> twoProcesses(EchoServer server, int size) {
        String script = "exec 3<>/dev/tcp/127.0.0.1/$1 && { head -c $2 <&3 & cat >&3; wait $!; }";
        return List.of("bash", "-c", script, "echo", server.port(), Integer.toString(size));
    }

    private static void requireNetcatThatHalfCloses() throws IOException {
        Program.require("nc");
        Process help = new ProcessBuilder("nc", "-h").redirectErrorStream(true).start();
        String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!text.contains("-N")) {
            Program.missing("this nc has no option -N, to half-close at the end of its input");
        }
    }

    /**
     * Sends random bytes through a program and the server and compares checksums.
     *
     * @param start nothing of the output is read before; how much gets under way until then is the program's affair, for
     *     it may wait for its output before it reads on
     */
    private static void exchange(EchoServer server, List<String> command, int size, Start start) throws Exception {
        byte[] bytes = Bytes.random(size);
        try (Program program = Program.start(command)) {
            CompletableFuture<Void> written = program.write(bytes);
            assertThat(start.await(Program.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("so much was echoed that the late reader may begin")
                    .isTrue();
            assertThat(Bytes.checksum(program.output())).isEqualTo(Bytes.checksum(bytes));
            written.get(Program.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(program.exitCode()).isZero();
            assertThat(server.awaitEnd(Program.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .extracting(CloseReason::kind)
                    .isEqualTo(CloseReason.Kind.PEER_END);
        }
    }
}
