package io.github.ioqueue.tests.throwing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who was told what. Polling thread and test's thread, which is one. */
final class Told {

    private record Report(String who, @Nullable Throwable what) {}

    /** Something that may throw. */
    @FunctionalInterface
    interface Act {
        void run() throws Throwable;
    }

    private final List<Report> reports = new ArrayList<>();

    void by(String who, @Nullable Throwable what) {
        reports.add(new Report(who, what));
    }

    /** Runs it; what it throws is told to who. */
    void by(String who, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            by(who, e);
        }
    }

    /** Runs it; what it throws is told to its caller. */
    void byCall(Act act) {
        try {
            act.run();
        } catch (Throwable e) {
            by("caller", e);
        }
    }

    /** Who was told of it, each as often as it was. */
    List<String> of(Throwable thrown) {
        return reports.stream()
                .filter(report -> isIn(thrown, report.what))
                .map(Report::who)
                .toList();
    }

    static boolean isIn(Throwable thrown, @Nullable Throwable what) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> open = new ArrayList<>();
        if (what != null) {
            open.add(what);
        }
        while (!open.isEmpty()) {
            Throwable next = open.remove(open.size() - 1);
            if (next == thrown) {
                return true;
            }
            if (seen.add(next)) {
                open.addAll(List.of(next.getSuppressed()));
                if (next.getCause() != null) {
                    open.add(next.getCause());
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return reports.stream().map(r -> r.who + ": " + r.what).collect(Collectors.joining("; "));
    }
}
