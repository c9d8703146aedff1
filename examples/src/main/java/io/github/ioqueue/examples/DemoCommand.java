package io.github.ioqueue.examples;

import io.github.ioqueue.FastTrack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ioq demo}: every combination under load, every byte checked, and a table. */
@Command(
        name = "demo",
        description =
                "Runs an echo server of length-prefixed messages and many clients of it over loopback, once for each"
                        + " combination of fast track and backend, and for each backend of TLS. Every byte that comes back is checked. Exit code 0 only if"
                        + " nothing was lost.")
final class DemoCommand implements Callable<Integer> {

    private static final String ROW = "%-11s %-8s %-13s %10s %14s %10s %10s %14s %5s  %s%n";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "15", description = "How long in all; default 15.")
    private int seconds = 15;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "50", description = "How many; default 50.")
    private int connections = 50;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of lengths and content; default 1.")
    private long seed = 1;

    DemoCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 1 || connections < 1 || connections > 10_000) {
            throw new ParameterException(spec.commandLine(), "at least one second, and from 1 to 10000 connections");
        }
        Messages messages = new Messages(seed);
        List<FastTrack> tracks = List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(seed));
        List<DemoRound> rounds = new ArrayList<>();
        for (Backend backend : Backend.values()) {
            if (backend.isAvailable()) {
                for (FastTrack track : tracks) {
                    rounds.add(new DemoRound(track, backend, DemoTls.NONE, messages, connections));
                }
            }
        }
        for (DemoTls tls : DemoTls.installed()) {
            for (FastTrack track : tracks) {
                rounds.add(new DemoRound(track, Backend.EPOLL, tls, messages, connections));
            }
        }
        System.out.printf("%d connections, messages of 0 to %d bytes, seed %d%n", connections, Messages.LONGEST, seed);
        long each = TimeUnit.SECONDS.toNanos(seconds) / rounds.size();
        for (int i = 0; i < rounds.size(); i++) {
            DemoRound round = rounds.get(i);
            String what = "[" + (i + 1) + "/" + rounds.size() + "] fast track " + round.fastTrack() + ", "
                    + round.backend() + ", TLS " + round.tls().name() + ": ";
            round.run(each, () -> progress(what + round.messages() + " messages"));
        }
        progress("");
        return report(rounds);
    }

    /** One line that is written over again and again: for a person at a terminal, which ./ioq finds out. */
    private static void progress(String text) {
        if (Boolean.getBoolean("ioq.terminal")) {
            System.err.print("\r\033[K" + text);
            System.err.flush();
        }
    }

    private static int report(List<DemoRound> rounds) {
        System.out.printf(
                ROW,
                "fast track",
                "backend",
                "TLS",
                "messages",
                "bytes",
                "immediate",
                "pending",
                "pending writes",
                "lost",
                "msg/s (no benchmark)");
        boolean good = true;
        for (DemoRound round : rounds) {
            System.out.printf(
                    ROW,
                    round.fastTrack(),
                    round.backend(),
                    round.tls().name(),
                    round.messages(),
                    round.bytes(),
                    round.completions().immediate(),
                    round.completions().pending(),
                    round.completions().pendingWrites(),
                    round.lost(),
                    round.messagesPerSecond());
            good &= round.lost() == 0 && round.problems().isEmpty();
        }
        for (DemoRound round : rounds) {
            for (String problem : round.problems()) {
                System.out.println("fast track " + round.fastTrack() + ", " + round.backend() + ", TLS "
                        + round.tls().name() + ": " + problem);
            }
        }
        System.out.println(
                good ? "Every message came back whole, in every combination." : "Something was lost: see above.");
        return good ? 0 : 1;
    }
}
