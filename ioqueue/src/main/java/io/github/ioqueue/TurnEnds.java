package io.github.ioqueue;

import java.util.ArrayList;
import java.util.Arrays;

/** What runs at the end of the present callback: seldom more than one or two. */
final class TurnEnds {

    private final ArrayList<TurnEnd> waiting = new ArrayList<>();

    /** The layer of each, asked once, when it was added: by then a method of the user's may throw, later not. */
    private int[] layers = new int[4];

    void add(TurnEnd end) {
        int layer = end.layer();
        int at = waiting.size();
        waiting.add(end);
        if (at == layers.length) {
            layers = Arrays.copyOf(layers, 2 * at);
        }
        layers[at] = layer;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes out the first of the highest layer there is now. */
    TurnEnd next() {
        int best = 0;
        int last = waiting.size() - 1;
        for (int i = 1; i <= last; i++) {
            if (layers[i] > layers[best]) {
                best = i;
            }
        }
        System.arraycopy(layers, best + 1, layers, best, last - best);
        return waiting.remove(best);
    }
}
