package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.tests.throwing.Stage.Pair;
import io.github.ioqueue.tests.throwing.Trap.When;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Plays one case beside a connection that has nothing to do with it, and judges. */
final class Play {

    private static final Duration LONG = Duration.ofSeconds(40);

    private final Case the;
    private final Trap trap = new Trap();
    private final Throwable thrown;
    private final Stage stage;
    private final Walk walk;
    private final List<String> found = new ArrayList<>();

    Play(Case the) throws Exception {
        this.the = the;
        thrown = the.kind().make();
        stage = new Stage(trap, the.path(), executor(), the.hook().name().equals("TlsConfig.handshakesOn"));
        walk = the.isOfKeys()
                ? new KeyWalk()
                : the.isOfDatagrams() ? new DatagramWalk() : the.isOfTasks() ? new TaskWalk() : new StreamWalk();
    }

    /** One that throws behind its work runs the task at once; else what was handed to it runs later. */
    private @Nullable Executor executor() {
        return the.when() == When.BEHIND ? Runnable::run : null;
    }

    /** What is wrong behind it; empty if all is well. */
    List<String> run() throws Exception {
        Pair bystander = stage.open();
        if (!stage.echoes(bystander)) {
            return List.of("the stage is not ready: " + bystander + "; " + stage.told);
        }
        boolean atTheEnd = the.hook().name().equals("Demultiplexer.close");
        arm(!atTheEnd);
        watchingSystemErr();
        trap.disarm();
        found.addAll(walk.violations(stage, the, thrown));
        if (the.hook().costsTheLoop() || !walk.leavesQueue()) {
            ended(bystander);
        } else {
            goesOn(bystander);
        }
        arm(atTheEnd);
        closes();
        found.addAll(walk.late());
        told();
        return found;
    }

    private void watchingSystemErr() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        System.setErr(new PrintStream(text, true, StandardCharsets.UTF_8));
        try {
            walk.walk(stage, the);
        } catch (Exception e) {
            found.add("the walk was cut short: " + e);
        } finally {
            System.setErr(before);
        }
        if (text.toString(StandardCharsets.UTF_8).contains(thrown.toString())) {
            stage.told.by("System.err", thrown);
        }
    }

    private void arm(boolean now) {
        if (now) {
            trap.arm(the.hook().name(), the.call(), the.when(), thrown);
        }
    }

    /** The loop ended, for this case or by its walk: everything on it has, too. */
    private void ended(Pair bystander) {
        if (!bystander.isClosed()) {
            found.add("the queue ended, and the bystander heard nothing: " + bystander);
        }
        if (!stage.queue.isClosing()) {
            found.add("the queue goes on");
        }
    }

    /** The bystander, the listener and new connections go on; then every count is back at zero. */
    private void goesOn(Pair bystander) {
        if (stage.isDead()) {
            found.add("the loop ended; " + stage.told);
            return;
        }
        if (!stage.echoes(bystander)) {
            found.add("the bystander got no answer: " + bystander);
        }
        if (walk.leavesListener()) {
            Pair fresh = stage.open();
            stage.pass(Duration.ofSeconds(2));
            if (!stage.echoes(fresh)) {
                found.add("a new connection got no answer: " + fresh + "; " + stage.listener);
            }
            stage.close(fresh);
        }
        stage.close(bystander);
        stage.pass(LONG);
        count("open connections", stage.listener.openConnections(), 0);
        count("handshakes", stage.handshakes(), 0);
        count("open keys", stage.queue.openKeys(), walk.leavesListener() ? 1 : 0);
        Long lent = stage.onLoop(() -> stage.queue.buffers().lentBytes());
        count("bytes of buffers out", lent == null ? -1 : lent, 0);
        if (!bystander.isClosed()) {
            found.add("the bystander stays open: " + bystander);
        }
    }

    private void count(String what, long there, long expected) {
        if (there != expected) {
            found.add(there + " " + what + ", expected " + expected);
        }
    }

    /** The queue ends, whatever it has gone through. */
    private void closes() throws Exception {
        stage.listener.close();
        stage.settle();
        stage.told.byCall(stage.group::close);
        if (!stage.queue.awaitClosed(0, TimeUnit.SECONDS)) {
            found.add("the queue does not close");
        }
        try {
            stage.ledger.verify();
        } catch (AssertionError e) {
            found.add(e.getMessage());
        }
        boolean keptOpen = the.hook().name().matches("(Stream|Listener|Datagram)Port.close");
        count("sockets open", stage.network.openSockets(), keptOpen ? 1 : 0);
    }

    private void told() {
        if (trap.sprung() == 0) {
            found.add("the hook was not called; " + walk + "; " + stage.told);
            return;
        }
        List<String> who = stage.told.of(thrown);
        if (who.contains("poll") && !the.hook().costsTheLoop()) {
            found.add("the loop ended of it");
        }
        if (trap.sprung() >= Trap.MAX_TIMES) {
            found.add("it was called again and again");
        }
        if (the.hook().tellsNobody()) {
            return;
        }
        if (!the.hook().isToldTo(who)) {
            found.add("told to " + who + ", expected " + the.hook().told() + "; all: " + stage.told);
        }
        if (the.call() > 0 && who.stream().filter("error handler"::equals).count() > 1) {
            found.add("the error handler was told more than once");
        }
    }
}
