/**
 * The queue: submit an asynchronous operation on a socket, and be told once when it is complete.
 *
 * <p>Outside it is a <i>proactor</i>: operations go in, completions come out. Inside it is a <i>reactor</i>: it waits
 * until a socket is ready and then makes the system call itself.
 *
 * <pre>
 *    your code             IoKey                   Loop (poll)                  the system
 *
 *    submit(op) ---------&gt; fast track: try it now -----------------------------&gt; read, write, ...
 *      DONE  &lt;------------ it worked
 *      PENDING &lt;---------- it would block: the op
 *                          waits in its Half ----&gt; interest, wait &lt;------------ ready
 *                          try it again ---------------------------------------&gt; read, write, ...
 *    onXxxComplete &lt;------ Callbacks
 * </pre>
 *
 * The life line of an op is in {@link io.github.ioqueue.IoOp}, that of a key in {@link io.github.ioqueue.IoKey}, the
 * phases of the loop in {@link io.github.ioqueue.IoQueue}. {@code docs/rules.md} has the rules R1 to R15 that the documentation
 * cites.
 *
 * <p>Read next: {@link io.github.ioqueue.IoOp} and {@link io.github.ioqueue.WriteOp}, {@link io.github.ioqueue.IoKey},
 * {@code Half}, {@code Loop}, {@code Inbox}, {@code QueueLifecycle}; then the seam below in {@link io.github.ioqueue.spi}.
 */
@NullMarked
package io.github.ioqueue;

import org.jspecify.annotations.NullMarked;
