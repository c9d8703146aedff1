package io.github.ioqueue.tests.churn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Handshakes that fail, in every way there is, and connections that come and go leave nothing behind: neither in the
 * server's process nor in the client's. {@code ci/tls-churn.sh} runs it with many; here are a few.
 */
@Tag("slow")
class TlsChurnProcessTest {

    private static final int FAILED = Integer.getInteger("churn.fail", 1000);
    private static final int OK = Integer.getInteger("churn.ok", 300);
    private static final int DEADLINE_SECONDS = 3600;
    private static final int PATIENCE_SECONDS = 60;

    /** From so many on, what is made once is made, and growth can be told from it. */
    private static final int ENOUGH = 5000;

    /** Percent. Noise is 3 at most; a leak of 200 bytes by each of 100,000 is 10 of some 200 MB. */
    private static final int MOST_GROWTH = 8;

    @TempDir
    private Path folder;

    static Stream<String> backends() {
        return TlsBackend.installed().stream().map(TlsBackend::name).sorted();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void nothingStaysBehind(String backend) throws Exception {
        assumeTrue(Peer.canBeSeen(), "descriptors and memory of a process are seen in /proc");
        TestAuthority authority = TestAuthority.create();
        authority.writePem(folder);
        TestAuthority.writePem(authority.identity("localhost"), folder);
        try (Peer server = Peer.start(ChurnServer.class, backend, folder.toString())) {
            String[] ready = server.readLine(PATIENCE_SECONDS).split(" ", -1);
            assertThat(ready).hasSize(4).startsWith("READY");
            try (Peer client =
                    Peer.start(ChurnClient.class, backend, folder.toString(), ready[1], ready[2], ready[3])) {
                churn(backend, server, client);
            }
        }
    }

    private static void churn(String backend, Peer server, Peer client) throws Exception {
        int before = Math.min(ENOUGH, FAILED);
        run(client, before, before);
        awaitServed(server, before, before);
        long descriptors = descriptors(server, client);
        long serverKib = server.residentKib();
        long clientKib = client.residentKib();
        run(client, FAILED, OK);
        String served = awaitServed(server, before + FAILED, before + OK);
        long growth = Math.max(percent(serverKib, server.residentKib()), percent(clientKib, client.residentKib()));
        long more = descriptors(server, client) - descriptors;
        System.out.println(backend + ": server " + serverKib + " -> " + server.residentKib() + " KiB, client "
                + clientKib + " -> " + client.residentKib() + " KiB");
        tell("churn " + backend + ": " + FAILED + " failed, " + OK + " ok, fds " + String.format("%+d", more) + ", rss "
                + String.format("%+d", growth) + "%");
        assertThat(served).as("failed, served, open").isEqualTo((before + FAILED) + " " + (before + OK) + " 0");
        assertThat(more).as("more descriptors").isLessThanOrEqualTo(0);
        if (FAILED >= 2 * ENOUGH) {
            assertThat(growth).as("percent more memory").isLessThanOrEqualTo(MOST_GROWTH);
        }
    }

    private static void run(Peer client, int failed, int ok) throws Exception {
        assertThat(client.ask("fail " + failed, DEADLINE_SECONDS)).isEqualTo("done");
        assertThat(client.ask("ok " + ok, DEADLINE_SECONDS)).isEqualTo("done");
    }

    /** The server's books: failed, served, open; waits until it has seen the end of all. */
    private static String awaitServed(Peer server, int failed, int ok) throws Exception {
        String expected = failed + " " + ok + " 0";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String answer = server.ask("?", PATIENCE_SECONDS);
        while (!answer.equals(expected) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            answer = server.ask("?", PATIENCE_SECONDS);
        }
        return answer;
    }

    private static long descriptors(Peer server, Peer client) throws IOException {
        return server.descriptors() + client.descriptors();
    }

    private static long percent(long before, long after) {
        return Math.round(100.0 * (after - before) / before);
    }

    private static void tell(String line) throws IOException {
        System.out.println(line);
        Files.writeString(
                Path.of("target", "tls-churn.txt"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
