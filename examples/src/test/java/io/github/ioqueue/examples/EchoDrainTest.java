package io.github.ioqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the peers of {@code ioq echo} see when SIGTERM comes, from outside the process. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
class EchoDrainTest {

    private static final int CLIENTS = 50;
    private static final int BYTES = 250 * 1024;
    private static final int SMALL_BUFFER = 8192;
    private static final int MAX_QUEUED = 256 << 10;
    private static final int DEADLINE_MILLIS = 30_000;
    private static final String GOOD = "all, and a clean end";

    /** Kept here, or its level would be lost. It tells of each property that it finds. */
    private static final Logger BOUNCY_CASTLE = Logger.getLogger("org.bouncycastle");

    @TempDir
    private Path folder;

    @BeforeAll
    static void silenceBouncyCastle() {
        BOUNCY_CASTLE.setLevel(Level.SEVERE);
    }

    /**
     * Each client has sent 250 KB and read one byte. After the signal they read to the end, one after the other, so
     * that most of them wait for a long time, and the server has most of their bytes.
     */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "jdk", "conscrypt", "bouncycastle"})
    void everyClientGetsAllItsBytesAndACleanEnd(String tls) throws Exception {
        try (IoqProcess echo = start(tls)) {
            InetSocketAddress address = echo.address();
            SSLContext context = tls.equals("plain") ? null : context();
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Socket client = connect(address, context);
                clients.add(client);
                client.getOutputStream().write(bytes(i, BYTES));
                assertThat(client.getInputStream().read()).isEqualTo(bytes(i, BYTES)[0] & 0xff);
            }
            echo.terminate();
            List<String> ends = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                ends.add(readToTheEnd(clients.get(i), 1, bytes(i, BYTES)));
            }
            assertThat(new TreeSet<>(ends)).containsExactly(GOOD);
            assertThat(echo.exitCode()).as(echo.errors()).isZero();
            assertThat(echo.restOfOutput()).hasSize(1).first().asString().startsWith("echo: 50 connections, 0 failed");
            assertThat(certificates()).isEmpty();
        }
    }

    /**
     * The server has stopped reading when the signal comes: its queue is full, and the kernel has more bytes. It reads
     * on when there is room, and the client gets whatever the server has read.
     */
    @Test
    void aClientThatFilledTheQueueGetsAllThatWasReadAndACleanEnd() throws Exception {
        try (IoqProcess echo = start("plain");
                Socket client = connectChannel(echo.address())) {
            byte[] sent = bytes(0, 64 << 20);
            int count = fill(client.getChannel(), sent);
            echo.terminate();
            String end = readToTheEnd(client, 0, sent);
            assertThat(echo.exitCode()).as(echo.errors()).isZero();
            int echoed = echoedBytes(echo.restOfOutput().get(0));
            assertThat(echoed).isGreaterThan(MAX_QUEUED).isLessThanOrEqualTo(count);
            assertThat(end).isEqualTo(echoed + " bytes, then a clean end");
        }
    }

    private static int echoedBytes(String summary) {
        Matcher bytes = Pattern.compile(" (\\d+) bytes;").matcher(summary);
        assertThat(bytes.find()).as(summary).isTrue();
        return Integer.parseInt(bytes.group(1));
    }

    /** A client that sends again as soon as it has the answer leaves the server no long silence. */
    @Test
    void aClientThatNeverRestsIsEndedBetweenTwoRequests() throws Exception {
        try (IoqProcess echo = start("plain");
                Socket client = connect(echo.address(), null)) {
            client.setTcpNoDelay(true);
            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);
            client.getOutputStream().write(1);
            CompletableFuture<Long> answers = CompletableFuture.supplyAsync(() -> sendAndReceive(client));
            echo.terminate();
            assertThat(answers.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)).isPositive();
            client.shutdownOutput();
            assertThat(echo.exitCode()).as(echo.errors()).isZero();
        }
    }

    /** Sends back each byte; returns how many came before the end. */
    private static long sendAndReceive(Socket client) {
        try {
            long count = 0;
            for (int b = client.getInputStream().read();
                    b >= 0;
                    b = client.getInputStream().read()) {
                count++;
                client.getOutputStream().write(b);
            }
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aClientThatReadsNothingIsCutAndReset() throws Exception {
        try (IoqProcess echo = start("plain", "--drain", "1");
                Socket client = connect(echo.address(), null)) {
            client.getOutputStream().write(bytes(0, BYTES));
            assertThat(client.getInputStream().read()).isEqualTo(bytes(0, BYTES)[0] & 0xff);
            echo.terminate();
            assertThat(echo.exitCode()).isEqualTo(1);
            assertThat(echo.errors()).isEqualTo("ioq echo: 1 connection was cut: not drained within 1 s\n");
            assertThat(readToTheEnd(client, 1, bytes(0, BYTES))).contains("bytes, then java.net.SocketException");
        }
    }

    @Test
    void idleClientsGetACleanEnd() throws Exception {
        try (IoqProcess echo = start("plain");
                Socket client = connect(echo.address(), null)) {
            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);
            echo.terminate();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.shutdownOutput();
            assertThat(echo.exitCode()).isZero();
        }
    }

    // ---- the server

    private IoqProcess start(String tls, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("echo", "--port", "0", "--sndbuf", "" + SMALL_BUFFER));
        all.addAll(List.of(arguments));
        if (!tls.equals("plain")) {
            all.addAll(List.of("--tls", tls));
        }
        return IoqProcess.start(folder, all.toArray(new String[0]));
    }

    private List<Path> certificates() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".pem")).toList();
        }
    }

    // ---- clients

    private static Socket connect(InetSocketAddress address, @Nullable SSLContext context) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.connect(address);
        return context == null
                ? socket
                : context.getSocketFactory().createSocket(socket, "localhost", address.getPort(), true);
    }

    /** Bouncy Castle's sockets throw at the end of the connection unless close_notify came before. */
    private SSLContext context() throws Exception {
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null, null);
        List<Path> files = certificates();
        assertThat(files).hasSize(1);
        try (var in = Files.newInputStream(files.get(0))) {
            trust.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        BouncyCastleJsseProvider provider = new BouncyCastleJsseProvider(new BouncyCastleProvider());
        TrustManagerFactory authorities = TrustManagerFactory.getInstance("PKIX", provider);
        authorities.init(trust);
        SSLContext context = SSLContext.getInstance("TLS", provider);
        context.init(null, authorities.getTrustManagers(), null);
        return context;
    }

    private static Socket connectChannel(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        channel.connect(address);
        return channel.socket();
    }

    /** Writes until the kernel has taken nothing for a while; returns how many bytes it took. */
    private static int fill(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (selector.select(200) > 0) {
                channel.write(all);
                selector.selectedKeys().clear();
            }
        }
        channel.configureBlocking(true);
        return all.position();
    }

    private static byte[] bytes(int client, int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(client).nextBytes(bytes);
        return bytes;
    }

    /** Reads the bytes from a place on, and the end; returns what the client saw. */
    private static String readToTheEnd(Socket client, int from, byte[] expected) {
        int count = from;
        try (client) {
            byte[] buffer = new byte[4096];
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer)) {
                for (int i = 0; i < n; i++, count++) {
                    if (count >= expected.length || buffer[i] != expected[count]) {
                        return "another byte at " + count;
                    }
                }
            }
        } catch (IOException e) {
            return count + " bytes, then " + e;
        }
        return count == expected.length ? GOOD : count + " bytes, then a clean end";
    }
}
