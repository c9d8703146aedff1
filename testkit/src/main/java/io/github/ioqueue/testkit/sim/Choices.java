package io.github.ioqueue.testkit.sim;

/** Decides where a simulation may go one way or another. The same choices make the same run. */
public interface Choices {

    /**
     * Chooses an outcome.
     *
     * @param fault what would go otherwise than plainly
     * @param outcomes how many outcomes there are, at least 1
     * @return from 0, the plain one, to {@code outcomes - 1}
     */
    int choose(Fault fault, int outcomes);

    /** Chooses between the plain outcome and the other one. */
    default boolean happens(Fault fault) {
        return choose(fault, 2) != 0;
    }

    /** Never anything but the plain outcome. */
    Choices PLAIN = (fault, outcomes) -> 0;
}
