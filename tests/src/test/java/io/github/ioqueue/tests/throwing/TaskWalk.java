package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.TurnEnd;
import io.github.ioqueue.WorkGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tasks, timers and what runs at the end of a callback; behind each one more that has to run. */
final class TaskWalk implements Walk {

    private int ran;
    private int expected;
    private boolean queueEnds;

    @Override
    public boolean leavesQueue() {
        return !queueEnds;
    }

    @Override
    public void walk(Stage stage, Case the) throws Exception {
        IoQueue queue = stage.queue;
        Runnable task = stage.trap.around(Runnable.class, the.hook().name(), () -> {});
        switch (the.hook().method()) {
            case "execute" -> twice(() -> queue.execute(task), () -> queue.execute(this::run));
            case "post" -> twice(() -> queue.post(task), () -> queue.post(this::run));
            case "timer" ->
                twice(
                        () -> queue.timer(task).arm(0),
                        () -> queue.timer(this::run).arm(0));
            case "schedule" -> twice(() -> queue.schedule(0, task), () -> queue.schedule(0, this::run));
            case "guard" -> guard(stage);
            case "drain" -> drain(stage, task);
            case "wakeup" -> wakeup(stage);
            default -> {
                TurnEnd end = stage.trap.around(TurnEnd.class, () -> {});
                twice(
                        () -> stage.inLoop(() -> {
                            queue.atTurnEnd(end);
                            queue.atTurnEnd(() -> {});
                        }),
                        () -> stage.inLoop(() -> queue.atTurnEnd(this::run)));
            }
        }
        stage.settle();
    }

    private void run() {
        ran++;
    }

    private void twice(Runnable trapped, Runnable behind) {
        trapped.run();
        behind.run();
        expected++;
    }

    /** Its task throws in place of the release. */
    private void guard(Stage stage) throws Exception {
        queueEnds = true;
        AtomicReference<@Nullable WorkGuard> guard = new AtomicReference<>();
        guard.set(stage.queue.guard(stage.trap.around(
                Runnable.class, "IoQueue.guard", () -> guard.get().release())));
        stage.settle();
        stage.told.byCall(stage.queue::close);
    }

    /** Another thread brings a task while the loop waits. */
    private void wakeup(Stage stage) {
        expected++;
        Thread other = new Thread(() -> stage.told.byCall(() -> stage.queue.execute(this::run)));
        stage.network.atEachPoint(() -> {
            if (other.getState() == Thread.State.NEW) {
                other.start();
                stage.told.byCall(other::join);
            }
        });
        stage.settle();
        stage.network.atEachPoint(() -> {});
    }

    /** What depends on its future throws. */
    private void drain(Stage stage, Runnable task) {
        queueEnds = true;
        CompletableFuture<DrainReport> drain = stage.queue.drain(Duration.ofMinutes(1));
        CompletableFuture<Void> dependent = drain.thenRun(task);
        stage.settle();
        stage.pass(Duration.ofMinutes(2));
        ran += drain.isDone() && dependent.isCompletedExceptionally() ? 1 : 0;
        expected++;
    }

    @Override
    public List<String> violations(Stage stage, Case the, Throwable thrown) {
        List<String> found = new ArrayList<>();
        if (ran != expected) {
            found.add("what came behind it ran " + ran + " times");
        }
        return found;
    }
}
