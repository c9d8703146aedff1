/**
 * A network in memory whose every outcome is a choice: made by a seed, so that a run can be had again, or one after the
 * other, so that none is left out.
 *
 * <pre>
 *   the queue, activesock, ssl: unchanged
 *        | IoBackend, Demultiplexer, ports
 *   {@link io.github.ioqueue.testkit.sim.SimulatedNetwork}  virtual time, wires, ports ---- may this go wrong here? ----+
 *                                                                                    v
 *                       {@link io.github.ioqueue.testkit.sim.Choices}:  {@link io.github.ioqueue.testkit.sim.SeededChoices}, {@link io.github.ioqueue.testkit.sim.Explorer}
 * </pre>
 */
@NullMarked
package io.github.ioqueue.testkit.sim;

import org.jspecify.annotations.NullMarked;
