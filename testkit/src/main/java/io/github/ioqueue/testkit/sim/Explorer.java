package io.github.ioqueue.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs a scenario under every schedule of a scope, once each.
 *
 * <pre>
 *   choices of one run    2 outcomes   3 outcomes   2 outcomes ...
 *   run 1                     0            0            0
 *   run 2                     0            0            1      the last that can go on, goes on by one;
 *   run 3                     0            1            0      what was behind it begins anew
 * </pre>
 *
 * A scope is a set of faults and how many of them one run may have. The scenario must do the same when it meets the same
 * choices, and come to an end under all of them.
 */
public final class Explorer {

    private final Set<Fault> faults;
    private final int most;
    private final List<int[]> path = new ArrayList<>();

    private Explorer(Set<Fault> faults, int most) {
        this.faults = faults;
        this.most = most;
    }

    /**
     * Explores a scope.
     *
     * @param faults what may happen; all else takes its plain way
     * @param most how many faults one run has at most
     * @return how many schedules there were
     */
    public static long explore(Set<Fault> faults, int most, Consumer<? super Choices> scenario) {
        Explorer explorer = new Explorer(faults, most);
        long runs = 0;
        do {
            Run run = explorer.new Run();
            try {
                scenario.accept(run);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("schedule " + runs + ", choices " + explorer, e);
            }
            runs++;
        } while (explorer.next());
        return runs;
    }

    /** Moves on to the next path in the order of numbers; answers false behind the last. */
    private boolean next() {
        for (int i = path.size() - 1; i >= 0; i--) {
            int[] step = path.get(i);
            if (step[0] + 1 < step[1]) {
                step[0]++;
                return true;
            }
            path.remove(i);
        }
        return false;
    }

    /** One walk along the path, and beyond its end by plain outcomes. */
    private final class Run implements Choices {
        private int depth;
        private int spent;

        @Override
        public int choose(Fault fault, int outcomes) {
            if (outcomes < 2 || spent == most || !faults.contains(fault)) {
                return 0;
            }
            if (depth == path.size()) {
                path.add(new int[] {0, outcomes});
            }
            int[] step = path.get(depth++);
            if (step[1] != outcomes) {
                throw new IllegalStateException("the scenario is not the same under the same choices: " + fault);
            }
            spent += step[0] == 0 ? 0 : 1;
            return step[0];
        }
    }

    @Override
    public String toString() {
        return path.stream().map(step -> step[0] + "/" + step[1]).toList().toString();
    }
}
