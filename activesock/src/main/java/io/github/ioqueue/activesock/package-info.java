/**
 * Active sockets: what you would write on top of a queue, done once.
 *
 * <p>A queue completes the operations it is given. An active socket keeps giving it some: a read is always pending, a
 * partial write is finished, accepting goes on. Its users see bytes and events, neither keys nor ops, but for the {@link
 * io.github.ioqueue.WriteOp} of a send without copy.
 *
 * <pre>
 *   Listener, Connector       open ...
 *        |
 *   StreamSocket  -----------------&gt;  StreamHandler     onOpen, onData, onWritable, onSent, onEnd, onOutputEnded, onClosed
 *        |  send, pauseReading, close
 *   ActiveSocket
 *     Inbound         one read pending; what the handler leaves is kept and offered again
 *     Outbound        the sends of a callback gathered into one system call; limits
 *     GracefulClose   flush, end of output, the peer's end; deadlines on progress
 *        |
 *   IoKey                             (the layer below)
 * </pre>
 *
 * <p><b>Sending</b> is all or nothing, whole, and first in, first out, from any thread. It answers {@code FULL} at a
 * limit: nothing was taken, and {@code onWritable} comes once when there is room. Stop reading then, and start again in
 * {@code onWritable}: that is all there is to back-pressure.
 *
 * <p><b>Receiving</b> is a matter of taking what is complete. What is left is kept and comes again with more behind it.
 *
 * <p><b>Ending</b> has two truths. The peer sees a clean end only behind every accepted byte (R13). The handler gets one
 * {@code onClosed}, last, with a {@link io.github.ioqueue.activesock.CloseReason} (R14).
 *
 * <p><b>Beyond that</b>: deadlines in {@link io.github.ioqueue.activesock.StreamConfig}; messages in {@link
 * io.github.ioqueue.activesock.framing}; handlers that block in {@link io.github.ioqueue.activesock.OffLoop}, code that knows
 * only streams in {@link io.github.ioqueue.activesock.BlockingStream}; {@link
 * io.github.ioqueue.activesock.ActiveListener#drain} to end a server; datagrams in {@link
 * io.github.ioqueue.activesock.ActiveDatagram}.
 *
 * <p>Read next: {@link io.github.ioqueue.activesock.StreamSocket} and {@link
 * io.github.ioqueue.activesock.StreamHandler}, then {@link io.github.ioqueue.activesock.ActiveSocket}, {@code Inbound},
 * {@code Outbound}, {@code SendBudget}, {@link io.github.ioqueue.activesock.GracefulClose}.
 */
@NullMarked
package io.github.ioqueue.activesock;

import org.jspecify.annotations.NullMarked;
