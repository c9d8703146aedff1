package io.github.ioqueue.tests.tls.mutation;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.tests.tls.mutation.Handshake.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Changes handshakes of one backend, in a JVM of its own: a fault of native code ends that one. Its last line is {@code
 * mutated NAME: N runs, F failed, W waited, G went on, X wrong}; the exit code is 0 if nothing was wrong.
 */
final class MutatedHandshakes {

    private static final int[] MASKS = {0x01, 0x80, 0xff, 0};
    private static final int LONGEST_RUN_SECONDS = 60;
    private static final int MOST_SHOWN = 20;

    private final TlsBackend backend;
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private int wrong;
    private int runs;

    private volatile String now = "";
    private volatile long begun = System.nanoTime();

    private MutatedHandshakes(TlsBackend backend) {
        this.backend = backend;
    }

    /** Arguments: the backend; a number of runs, or {@code all}; the seed that chooses those runs. */
    public static void main(String[] args) throws Exception {
        MutatedHandshakes all = new MutatedHandshakes(TlsBackend.named(args[0]));
        Thread watch = new Thread(all::watch, "watch");
        watch.setDaemon(true);
        watch.start();
        List<Scene> scenes = Scene.of(all.backend);
        if (args[1].equals("all")) {
            for (Scene scene : scenes) {
                all.everyByte(scene);
            }
        } else {
            all.sample(scenes, Integer.parseInt(args[1]), new Random(Long.parseLong(args[2])));
        }
        System.out.println("mutated " + args[0] + ": " + all.runs + " runs, " + all.count(Outcome.FAILED) + " failed, "
                + all.count(Outcome.WAITED) + " waited, " + all.count(Outcome.WENT_ON) + " went on, " + all.wrong
                + " wrong");
        System.exit(all.wrong == 0 ? 0 : 1);
    }

    private int count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }

    private void everyByte(Scene scene) throws TlsException {
        int[] lengths = lengths(scene);
        for (int direction = 0; direction < 2; direction++) {
            for (int at = 0; at < lengths[direction]; at++) {
                for (int mask : MASKS) {
                    run(scene, new Change(direction == 0, at, mask));
                }
            }
        }
    }

    private void sample(List<Scene> scenes, int count, Random random) throws TlsException {
        List<int[]> recorded = new ArrayList<>();
        for (Scene scene : scenes) {
            recorded.add(lengths(scene));
        }
        for (int i = 0; i < count; i++) {
            Scene scene = scenes.get(i % scenes.size());
            int[] lengths = recorded.get(i % scenes.size());
            int direction = random.nextInt(2);
            run(scene, new Change(direction == 0, random.nextInt(lengths[direction]), MASKS[random.nextInt(4)]));
        }
    }

    /** What each end says in an undisturbed handshake, and behind it. */
    private int[] lengths(Scene scene) throws TlsException {
        now = scene + ", undisturbed";
        try (Handshake recorded = scene.handshake(Change.NONE)) {
            recorded.runUndisturbed();
            return new int[] {recorded.saidByClient(), recorded.saidByServer()};
        }
    }

    private void run(Scene scene, Change change) throws TlsException {
        now = scene + ": " + change;
        begun = System.nanoTime();
        runs++;
        try (Handshake changed = scene.handshake(change)) {
            outcomes.merge(changed.run(), 1, Integer::sum);
        } catch (RuntimeException | AssertionError e) {
            if (++wrong <= MOST_SHOWN) {
                System.out.println("wrong: " + now);
                e.printStackTrace(System.out);
            }
        }
    }

    /** Nothing takes so long but what never ends. */
    private void watch() {
        try {
            while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(LONGEST_RUN_SECONDS)) {
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            return;
        }
        System.out.println("hangs: " + now);
        System.out.flush();
        Runtime.getRuntime().halt(3);
    }
}
