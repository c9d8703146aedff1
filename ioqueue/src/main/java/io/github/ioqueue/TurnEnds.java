package io.github.ioqueue;

import java.util.ArrayList;

/** Who wants to work at the end of the present turn: seldom more than one or two. */
final class TurnEnds {

    private final ArrayList<TurnEnd> waiting = new ArrayList<>();

    void add(TurnEnd end) {
        waiting.add(end);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes out the first of the highest layer there is now. */
    TurnEnd next() {
        int best = 0;
        for (int i = 1; i < waiting.size(); i++) {
            if (waiting.get(i).layer() > waiting.get(best).layer()) {
                best = i;
            }
        }
        return waiting.remove(best);
    }
}
