/**
 * The whole seam between the queue and the outside world.
 *
 * <p>A backend opens sockets and waits for them. Everything above this package is portable logic; everything below it
 * is system calls. Two families implement it: the JDK's channels and selectors ({@code io.github.ioqueue.nio}), and
 * test doubles that answer from a script or from a simulated network.
 *
 * <pre>
 *              IoQueue, IoKey                      (portable: order, states, completions)
 *                   |
 *   IoBackend --> Demultiplexer   "which sockets can go on?"      register, interest, wait, wake-up
 *             \-> SocketPort      "do it now, without waiting"    StreamPort, ListenerPort, DatagramPort
 * </pre>
 *
 * <p>No {@code java.nio.channels} type shows here, and a socket is opened by the backend that will poll it, so a
 * backend that owns its descriptors fits in without a change above. Read next: {@link
 * io.github.ioqueue.spi.SocketPort}, then {@link io.github.ioqueue.spi.Demultiplexer}.
 */
@NullMarked
package io.github.ioqueue.spi;

import org.jspecify.annotations.NullMarked;
