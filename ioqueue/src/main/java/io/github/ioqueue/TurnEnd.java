package io.github.ioqueue;

/**
 * Work to do when the present turn ends: a turn is one callback, task or timer on the polling thread. Layers that
 * gather what a turn sends flush it here, see {@link IoQueue#atTurnEnd}.
 */
@FunctionalInterface
public interface TurnEnd {

    /** The turn has ended. Runs once per {@link IoQueue#atTurnEnd}. */
    void turnEnded();

    /** Higher layers go first, for what they flush goes into the gathers of those below; sockets are layer 0. */
    default int layer() {
        return 0;
    }
}
