package io.github.ioqueue.tests.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The IPv4 port a process listens on. Programs that listen where the system wants them to seldom tell where that is, so the
 * system is asked: Linux lists the sockets of a process by number, and those that listen with their numbers.
 */
final class ListeningPort {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";

    private ListeningPort() {}

    static int of(Process process) throws IOException {
        Path folder = PROC.resolve(Long.toString(process.pid()));
        if (!Files.isDirectory(PROC.resolve("self/fd"))) {
            Program.missing("a list of the sockets of a process, in /proc");
        }
        try {
            return await(folder);
        } catch (NoSuchFileException e) {
            throw new AssertionError("it ended before it listened: " + process, e);
        }
    }

    private static int await(Path process) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Program.DEADLINE_SECONDS);
        for (Optional<Integer> port = Optional.empty(); ; port = find(process)) {
            if (port.isPresent()) {
                return port.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it does not listen: " + process);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static Optional<Integer> find(Path process) throws IOException {
        String sockets = sockets(process);
        for (String line : Files.readAllLines(process.resolve("net/tcp"))) {
            // number, local address and port, those of the peer, state, queues, timer, retransmits, user, timeout,
            // socket
            List<String> columns = List.of(line.trim().split(" +", -1));
            if (columns.get(3).equals(LISTEN) && sockets.contains("socket:[" + columns.get(9) + "]")) {
                String local = columns.get(1);
                return Optional.of(Integer.parseInt(local.substring(local.indexOf(':') + 1), 16));
            }
        }
        return Optional.empty();
    }

    private static String sockets(Path process) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path each : (Iterable<Path>) descriptors::iterator) {
                all.append(target(each)).append('\n');
            }
        }
        return all.toString();
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
