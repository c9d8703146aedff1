package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.tests.throwing.Trap.When;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One hook throws one thing, once or for ever, in one surrounding.
 *
 * @param call the call of the hook that throws, counted from 1; 0: each
 * @param accepted whether the subject is the accepted end of its connection
 */
record Case(Hook hook, Path path, boolean accepted, Thrown kind, When when, int call) {

    private static final Set<String> EXECUTORS = Set.of("OffLoop.on", "TlsConfig.handshakesOn");
    private static final List<Thrown> KINDS = List.of(Thrown.values());
    private static final List<Path> BACKENDS = List.of(Path.JDK, Path.CONSCRYPT, Path.BOUNCYCASTLE);
    private static final Set<String> KEYS = Set.of("IoHandler");
    private static final Set<String> DATAGRAMS = Set.of("DatagramHandler", "DatagramPort");
    private static final Set<String> BOTH_ENDS =
            Set.of("StreamHandler", "FrameHandler", "TlsEngine", "TlsProbe", "StreamPort", "OffLoop");

    /** The clock and the probe are called at so many places that one call of them says little. */
    private static final List<Integer> MANY_CALLS = List.of(1, 2, 3, 5, 8, 13, 21, 0);

    /** What costs nothing costs nothing each time. */
    private static final Set<String> FOR_EVER = Set.of("ErrorHandler", "QueueProbe", "TlsProbe", "TurnEnd");

    static Stream<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (Hook hook : Hook.all()) {
            for (Path path : paths(hook)) {
                add(hook, path, true, cases);
                if (hasTwoEnds(hook, path)) {
                    add(hook, path, false, cases);
                }
            }
        }
        return cases.stream();
    }

    private static boolean hasTwoEnds(Hook hook, Path path) {
        return BOTH_ENDS.contains(hook.type())
                && !path.isBackend()
                && path != Path.SCRIPTED_OFF_LOOP
                && (path == Path.PLAIN || !hook.type().equals("StreamPort"))
                && !hook.method().equals("onDrain");
    }

    private static void add(Hook hook, Path path, boolean accepted, List<Case> cases) {
        boolean executor = EXECUTORS.contains(hook.name());
        for (Thrown kind : Thrown.values()) {
            if ((kind == Thrown.REJECTED && !executor) || !isTried(hook, path, kind)) {
                continue;
            }
            for (int call : calls(hook)) {
                cases.add(new Case(hook, path, accepted, kind, When.INSTEAD, call));
                if (executor) {
                    cases.add(new Case(hook, path, accepted, kind, When.BEHIND, call));
                }
            }
        }
    }

    /** Handshakes cost real time: a backend of its own meets each hook with a third of the kinds, the three with all. */
    private static boolean isTried(Hook hook, Path path, Thrown kind) {
        boolean own = hook.type().equals("PeerVerifier");
        int turn = KINDS.indexOf(kind) + hook.method().length();
        return !path.isBackend() || own || turn % BACKENDS.size() == BACKENDS.indexOf(path);
    }

    private static List<Integer> calls(Hook hook) {
        boolean many =
                hook.name().equals("IoQueueConfig.nanoClock") || hook.name().equals("QueueProbe.polled");
        if (many) {
            return MANY_CALLS;
        } else if (EXECUTORS.contains(hook.name())) {
            return List.of(1, 2);
        }
        return FOR_EVER.contains(hook.type()) ? List.of(1, 0) : List.of(1);
    }

    private static List<Path> paths(Hook hook) {
        return switch (hook.type()) {
            case "StreamHandler" ->
                List.of(Path.PLAIN, Path.OFF_LOOP, Path.SCRIPTED, Path.JDK, Path.CONSCRYPT, Path.BOUNCYCASTLE);
            case "FrameHandler", "Framer", "Framing" -> List.of(Path.FRAMED);
            case "TlsEngine" -> List.of(Path.SCRIPTED, Path.SCRIPTED_OFF_LOOP);
            case "TlsContext", "TlsProbe", "TlsBackend" -> List.of(Path.SCRIPTED, Path.SCRIPTED_OFF_LOOP);
            case "TlsConfig" -> List.of(Path.SCRIPTED_OFF_LOOP, Path.JDK, Path.CONSCRYPT, Path.BOUNCYCASTLE);
            case "PeerVerifier" -> List.of(Path.JDK, Path.CONSCRYPT, Path.BOUNCYCASTLE);
            case "OffLoop" -> List.of(Path.OFF_LOOP);
            case "AcceptHandler", "StreamLayer", "StreamPort", "Chooser" ->
                hook.method().equals("gather") ? List.of(Path.PLAIN) : List.of(Path.PLAIN, Path.SCRIPTED);
            default -> List.of(Path.PLAIN);
        };
    }

    boolean isOfKeys() {
        return KEYS.contains(hook.type()) || hook.name().equals("IoQueue.register");
    }

    boolean isOfDatagrams() {
        return DATAGRAMS.contains(hook.type());
    }

    boolean isOfTasks() {
        return hook.type().equals("TurnEnd")
                || hook.name().equals("Demultiplexer.wakeup")
                || (hook.type().equals("IoQueue") && !isOfKeys());
    }

    boolean isOfExecutor() {
        return EXECUTORS.contains(hook.name());
    }

    @Override
    public String toString() {
        return hook + " throws " + kind + " (" + path + (accepted ? ", accepted" : ", connected")
                + (when == When.BEHIND ? ", behind its work" : "")
                + (call > 1 ? ", call " + call : call == 0 ? ", each call" : "") + ")";
    }
}
