/**
 * Instruments for tests of what stands on a queue. They need no test framework, but for {@link
 * io.github.ioqueue.testkit.LedgerExtension}, which is for JUnit.
 *
 * <pre>
 *   your test
 *      |  script: give, take, wouldBlock, reset           asks: violations? owed? how many calls?
 *      v                                                               |
 *   ScriptedBackend      sockets that answer from a script      CompletionLedger, CallCounter
 *   ManualClock          time that waits move                   probes that watch the queue
 *      |                                                               |
 *      +------------------------&gt;  the unchanged queue  &lt;--------------+
 * </pre>
 *
 * <p>A {@link io.github.ioqueue.testkit.CompletionLedger} keeps the books of every op and says at the end whether each
 * had exactly one outcome, in order, on the right thread, and nothing after {@code onClosed}. It works on real sockets as
 * well as on scripted ones: put one on every queue that a test opens.
 *
 * <p>The ledger also judges what a peer is made to believe: a clean end behind fewer bytes than were accepted is a violation.
 * Real sockets need {@link io.github.ioqueue.testkit.OutputWatch} for that.
 *
 * <p>Read next: {@link io.github.ioqueue.testkit.ScriptedBackend} for an example, then {@link
 * io.github.ioqueue.testkit.Script}, where the model of readiness stands.
 */
@NullMarked
package io.github.ioqueue.testkit;

import org.jspecify.annotations.NullMarked;
