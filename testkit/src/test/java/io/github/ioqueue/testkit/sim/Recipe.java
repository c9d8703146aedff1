package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.spi.IoBackend;
import java.util.function.UnaryOperator;

/**
 * What stands between the simulation and the queue: nothing, or a double that breaks something.
 *
 * @param backend stands before the network
 * @param probe stands before the instruments
 */
record Recipe(UnaryOperator<IoBackend> backend, UnaryOperator<QueueProbe> probe) {

    static final Recipe WHOLE = new Recipe(UnaryOperator.identity(), UnaryOperator.identity());

    static Recipe backend(UnaryOperator<IoBackend> broken) {
        return new Recipe(broken, UnaryOperator.identity());
    }

    static Recipe probe(UnaryOperator<QueueProbe> broken) {
        return new Recipe(UnaryOperator.identity(), broken);
    }
}
