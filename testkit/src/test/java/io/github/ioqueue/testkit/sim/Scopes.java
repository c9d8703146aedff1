package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.FastTrack;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The small scopes that are explored without gaps, each with its size as reckoned on paper.
 *
 * <pre>
 *   write of n bytes, k faults    W(n,k): all at once; or one byte less, then W(1,k-1); or nothing, then W(n,k-1).
 *                                 W(1,k) = k+1, and so W(n,k) = (k+1)(k+2)/2 for n &gt; 1
 *   read of n bytes, k faults     the same: all; one byte less; nothing although there is something
 *   n sockets ready               n! orders
 *   one foreign action            at each of the p points, or at none: p+1
 *   one end of a queue            at each of the p points, or at none: p+1
 *   two datagrams                 each of them once, lost, or twice: 9
 * </pre>
 */
final class Scopes {

    private static final Set<Fault> WRITING = EnumSet.of(Fault.SHORT_WRITE, Fault.BLOCKED_WRITE);
    private static final Set<Fault> READING = EnumSet.of(Fault.SHORT_READ, Fault.EMPTY_READ);
    private static final Set<Fault> DATAGRAMS = EnumSet.of(Fault.LOST, Fault.TWICE);
    private static final int MOST_FAULTS = 6;
    private static final int MOST_SOCKETS = 5;

    private Scopes() {}

    /** A scope, the number of its schedules, and what runs under each. */
    record Scope(String name, Set<Fault> faults, int most, long size, Consumer<Choices> scenario) {

        long explore() {
            return Explorer.explore(faults, most, scenario);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What another thread does once while "ab" is sent in two parts, and what the peer may then receive. */
    private record Foreign(String name, Consumer<SimPair> action, Set<String> received) {}

    private static final List<Foreign> FOREIGN = List.of(
            new Foreign("a send", pair -> pair.send("cd"), Set.of("ab", "abcd", "cdab")),
            new Foreign("a cancel", SimPair::cancelLast, Set.of("ab", "")),
            new Foreign("a close", SimPair::closeWriter, Set.of("", "a", "ab")),
            new Foreign("an end of output", SimPair::endOutput, Set.of("ab", "")));

    /** How a queue ends while "ab" is sent in two parts, in scenes of one key; answers at how many points it could have. */
    private record End(String name, Ending ending) {}

    private interface Ending {
        long in(EndScene scene);
    }

    private static final List<End> ENDS = List.of(
            new End(
                    "a queue closed by another thread",
                    scene -> scene.started().foreign(scene::closeQueue).inLoop(scene::send)),
            new End(
                    "a queue closed before its key's first turn",
                    scene -> scene.foreign(scene::closeQueue).inLoop(scene::send)),
            new End(
                    "a loop that dies",
                    scene -> scene.started().foreign(scene::die).inLoop(scene::send)),
            new End(
                    "a loop that dies before its key's first turn",
                    scene -> scene.foreign(scene::die).inLoop(scene::send)),
            new End(
                    "a queue closed while another thread sends",
                    scene -> scene.started().foreign(scene::closeQueue).here(scene::send)),
            new End(
                    "a queue closed while another thread sends, before its key's first turn",
                    scene -> scene.foreign(scene::closeQueue).here(scene::send)),
            new End(
                    "a loop that dies while another thread sends",
                    scene -> scene.started().foreign(scene::pollAndDie).here(scene::send)),
            new End(
                    "a loop that dies while another thread sends, before its key's first turn",
                    scene -> scene.foreign(scene::pollAndDie).here(scene::send)),
            new End(
                    "a send by another thread while the queue closes",
                    scene -> scene.started().foreign(scene::send).inLoop(scene::closeQueue)),
            new End(
                    "a socket registered by another thread while the queue closes",
                    scene -> scene.started().foreign(scene::register).inLoop(scene::closeQueue)));

    static List<Scope> all() {
        List<Scope> scopes = new ArrayList<>();
        for (FastTrack track : List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(3))) {
            streams(scopes, track);
            foreign(scopes, track);
            ends(scopes, track);
            scopes.add(new Scope("two datagrams, fast track " + track, DATAGRAMS, 2, 9, c -> datagrams(track, c)));
        }
        for (int n = 1, orders = 1; n <= MOST_SOCKETS; n++, orders *= n) {
            int sockets = n;
            scopes.add(
                    new Scope(n + " sockets ready", EnumSet.of(Fault.READY_ORDER), n, orders, c -> ready(c, sockets)));
        }
        return scopes;
    }

    private static void streams(List<Scope> scopes, FastTrack track) {
        for (int k = 0; k <= MOST_FAULTS; k++) {
            String rest = " of 3 bytes, " + k + " faults, fast track " + track;
            long size = (k + 1L) * (k + 2) / 2;
            scopes.add(new Scope("write" + rest, WRITING, k, size, choices -> {
                try (SimPair pair = new SimPair(track, choices)) {
                    pair.read();
                    pair.explored(() -> pair.send("abc"));
                    pair.expect(Set.of("abc"));
                }
            }));
            scopes.add(new Scope("read" + rest, READING, k, size, choices -> {
                try (SimPair pair = new SimPair(track, choices)) {
                    pair.send("abc");
                    pair.settle();
                    pair.explored(pair::read);
                    pair.expect(Set.of("abc"));
                }
            }));
        }
    }

    private static void foreign(List<Scope> scopes, FastTrack track) {
        for (Foreign foreign : FOREIGN) {
            long points = inTwoParts(track, Choices.PLAIN, foreign);
            scopes.add(new Scope(
                    foreign.name() + " by another thread, fast track " + track,
                    EnumSet.of(Fault.FOREIGN),
                    1,
                    points + 1,
                    choices -> inTwoParts(track, choices, foreign)));
        }
    }

    /** Sends in two parts, the action in between; answers at how many points it could have been. */
    private static long inTwoParts(FastTrack track, Choices choices, Foreign foreign) {
        try (SimPair pair = new SimPair(track, choices)) {
            pair.read();
            pair.shortWriteOnce();
            pair.foreignOnce(() -> foreign.action().accept(pair));
            long before = pair.points();
            pair.explored(() -> pair.send("ab"));
            long points = pair.points() - before;
            pair.expect(foreign.received());
            return points;
        }
    }

    private static void ends(List<Scope> scopes, FastTrack track) {
        for (End end : ENDS) {
            long points;
            try (EndScene scene = new EndScene(track, Choices.PLAIN)) {
                points = end.ending().in(scene);
            }
            scopes.add(new Scope(
                    end.name() + ", fast track " + track, EnumSet.of(Fault.FOREIGN), 1, points + 1, choices -> {
                        try (EndScene scene = new EndScene(track, choices)) {
                            end.ending().in(scene);
                            scene.judge();
                        }
                    }));
        }
    }

    private static void ready(Choices choices, int sockets) {
        try (SimPair pair = new SimPair(FastTrack.ON, choices)) {
            for (int i = 1; i < sockets; i++) {
                pair.connectAnother();
            }
            pair.expectAllReadyAtOnce();
        }
    }

    private static void datagrams(FastTrack track, Choices choices) {
        try (SimPair pair = new SimPair(track, choices)) {
            pair.expectDatagrams(2);
        }
    }
}
