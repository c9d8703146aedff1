package io.github.ioqueue.testkit;

import java.net.SocketOption;

/**
 * The output of one stream socket, as its two sides see it: the queue accepts bytes for sending, the socket takes bytes
 * and ends the stream. A clean end behind fewer bytes than were accepted tells the peer's application a falsehood.
 *
 * <pre>
 *   the key:    accepted 10, taken back 0             the socket:    sent 4, then a clean end (FIN)
 *                                    \                 /
 *                                     violation: 6 bytes are missing before the end
 * </pre>
 *
 * A socket that keeps one answers it to {@link #OPTION}: the sockets of a {@code SimulatedNetwork}, scripted sockets and
 * those of {@link OutputWatch}. {@link CompletionLedger} asks for it, and judges. Any thread.
 */
public final class OutputRecord {

    /** A socket option that no system has: its value is the record of the socket. */
    public static final SocketOption<OutputRecord> OPTION = new SocketOption<>() {
        @Override
        public String name() {
            return "OUTPUT_RECORD";
        }

        @Override
        public Class<OutputRecord> type() {
            return OutputRecord.class;
        }

        @Override
        public String toString() {
            return name();
        }
    };

    private long accepted;
    private long sent;
    private String ends = "";

    /** Creates the record of a socket that has sent nothing. */
    public OutputRecord() {}

    // ---- called by the socket

    /** The socket has taken bytes. */
    public synchronized void sent(long bytes) {
        sent += bytes;
    }

    /**
     * The socket has put a clean end behind the bytes it took, by {@code shutdownOutput} or by a close that is no reset.
     *
     * @param from names the socket
     * @param to names the peer's socket
     */
    public synchronized void ended(Object from, Object to) {
        if (ends.isEmpty()) {
            ends = from + " -> " + to;
        }
    }

    // ---- called by the ledger

    /** The queue has accepted bytes for sending, and their outcome is known. */
    synchronized void accepted(long bytes) {
        accepted += bytes;
    }

    /** Says which bytes are missing before a clean end; empty if none are. */
    synchronized String missing() {
        return ends.isEmpty() || sent >= accepted
                ? ""
                : "a clean end behind " + sent + " of " + accepted + " accepted bytes, " + ends;
    }
}
