package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.probe.QueueCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs cells and keeps what came of each, for the page. */
final class Matrix {

    private final long seed;
    private final List<Result> results = new ArrayList<>();

    /** What came of a cell, and its line in the page. */
    private record Result(Verdict verdict, String line) {}

    private enum Verdict {
        PASSED,
        FAILED,
        SKIPPED
    }

    Matrix(long seed) {
        this.seed = seed;
    }

    void skipped(Cell cell, String reason) {
        results.add(new Result(Verdict.SKIPPED, row(cell, "skipped: " + reason, "", "", "", "", "", "")));
    }

    /** Runs scenarios one after the other; the first that fails is thrown when all have been run. */
    void run(Cell cell, Layers layers, List<Scenario> scenarios) throws Exception {
        long cellSeed = seed + 1000L * results.size();
        QueueCounters counters = new QueueCounters();
        Throwable first = null;
        List<Scenario> failed = new ArrayList<>();
        long messages = 0;
        for (Scenario scenario : scenarios) {
            try (World world =
                    new World(cell, layers, counters, cellSeed + scenario.name().hashCode())) {
                scenario.run(world);
                messages += world.messages();
            } catch (Exception | AssertionError e) {
                failed.add(scenario);
                first = first == null ? e : first;
            }
        }
        Verdict verdict = first == null ? Verdict.PASSED : Verdict.FAILED;
        String outcome = first == null ? scenarios.size() + " passed" : "**failed: " + failed + "**";
        results.add(new Result(verdict, row(cell, outcome, messages, counters.snapshot(), cellSeed)));
        if (first != null) {
            throw new AssertionError(cell + ": " + failed + ", seed of the matrix " + seed, first);
        }
    }

    private static String row(Cell cell, String outcome, long messages, QueueCounters.Snapshot now, long cellSeed) {
        long immediate = sum(now.immediate());
        long pending = sum(now.pending());
        return row(
                cell,
                outcome,
                messages,
                now.bytesIn(),
                immediate + pending,
                share(immediate, immediate + pending),
                share(pending, immediate + pending),
                cellSeed);
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "" : Math.round(100.0 * part / whole) + " %";
    }

    private static String row(Cell cell, Object... rest) {
        StringBuilder row = new StringBuilder("| " + cell.track() + " | " + cell.io() + " | "
                + (cell.tls() == null ? "none" : cell.tls()) + " | "
                + (cell.version() == null ? "" : cell.version()) + " |");
        for (Object each : rest) {
            row.append(' ').append(each).append(" |");
        }
        return row.toString();
    }

    private long count(Verdict verdict) {
        return results.stream().filter(each -> each.verdict == verdict).count();
    }

    String summary() {
        return "matrix: " + results.size() + " cells, " + count(Verdict.PASSED) + " passed, " + count(Verdict.FAILED)
                + " failed, " + count(Verdict.SKIPPED) + " skipped";
    }

    void write(Path page) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# The matrix");
        lines.add("");
        lines.add("Seed " + seed + "; JDK " + Runtime.version() + ", " + System.getProperty("os.name") + ".");
        lines.add("");
        lines.add("Scenarios: " + String.join(", ", names()) + "; half close where TLS can do it.");
        lines.add("");
        lines.add(
                "Messages are those that arrived whole and right, bytes those that were read from sockets at either end.");
        lines.add("Operations that were done in `submit` are immediate; those with a callback were pending.");
        lines.add("");
        lines.add("| fast track | I/O | TLS | version | scenarios | messages | bytes | operations | immediate | pending"
                + " | seed |");
        lines.add("|---|---|---|---|---|---:|---:|---:|---:|---:|---:|");
        results.forEach(each -> lines.add(each.line));
        lines.add("");
        lines.add(summary());
        if (page.toAbsolutePath().getParent() != null) {
            Files.createDirectories(page.toAbsolutePath().getParent());
        }
        Files.write(page, lines);
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Scenario each : Scenario.values()) {
            names.add(each.toString());
        }
        return names;
    }
}
