package io.github.ioqueue.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveDatagram;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.StreamSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guides' code is compiled, and does what the guides say. */
@Timeout(60)
class GuideTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
    private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SHOWN = Pattern.compile("// guide begins\\n(.*?)\\n *// guide ends", Pattern.DOTALL);

    private final IoQueueGroup group;

    GuideTest() throws IOException {
        group = IoQueueGroup.open(2, IoQueueConfig.defaults());
    }

    @AfterEach
    void close() throws InterruptedException {
        group.close();
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Without the indentation it has in its class. */
    private static String flush(String code) {
        String indent = code.substring(0, code.length() - code.stripLeading().length());
        return code.lines()
                .map(line -> line.startsWith(indent) ? line.substring(indent.length()) : line)
                .collect(Collectors.joining("\n"));
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text.replace("\r\n", "\n"));
        while (matcher.find()) {
            found.add(flush(matcher.group(1)));
        }
        return found;
    }

    @Test
    void theGuidesShowTheCodeThatIsCompiled() throws IOException {
        List<String> shown = new ArrayList<>();
        for (String guide : List.of("activesock.md", "tls.md")) {
            shown.addAll(found(BLOCK, Files.readString(MODULE.resolve("../docs").resolve(guide))));
        }
        List<String> compiled = new ArrayList<>();
        try (Stream<Path> files = Files.list(MODULE.resolve("src/main/java/io/github/ioqueue/examples/guide"))) {
            for (Path file : files.sorted().toList()) {
                compiled.addAll(found(SHOWN, Files.readString(file)));
            }
        }
        assertThat(shown).isNotEmpty().containsExactlyInAnyOrderElementsOf(compiled);
    }

    private static int port(ActiveListener listener) {
        return ((InetSocketAddress) Objects.requireNonNull(listener.localAddress())).getPort();
    }

    @Test
    void framesComeBack() throws Exception {
        byte[] frame = {0, 0, 0, 2, 'h', 'i'};
        try (ActiveListener listener = FrameEcho.listen(group, 0)) {
            assertThat(Blocking.ask(group.next(), "localhost", port(listener), frame, frame.length))
                    .isEqualTo(frame);
        }
    }

    @Test
    void aHandlerOffTheLoopEchoes() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (ActiveListener listener = Blocking.offLoop(group, 0, executor, () -> StreamSocket::send)) {
            assertThat(Blocking.ask(group.next(), "localhost", port(listener), new byte[] {7}, 1))
                    .containsExactly(7);
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatIsOpenedIsConnectedToAndDrained() throws Exception {
        ActiveListener listener = Opening.listen(group, 0, accepted -> StreamSocket::send);
        CompletableFuture<Void> stopped;
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port(listener))) {
            peer.getOutputStream().write(5);
            assertThat(peer.getInputStream().read()).isEqualTo(5);
            stopped = Opening.stop(listener, group);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        stopped.get(10, TimeUnit.SECONDS);
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void datagramsComeBack() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ActiveDatagram echo = Opening.datagrams(group.next(), any);
                DatagramSocket peer = new DatagramSocket(any)) {
            peer.setSoTimeout(10_000);
            peer.send(new DatagramPacket(new byte[] {1, 2}, 2, echo.localAddress()));
            DatagramPacket answer = new DatagramPacket(new byte[10], 10);
            peer.receive(answer);
            assertThat(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()))
                    .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        }
    }
}
