package io.github.ioqueue.testkit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Checks one direction of a connection, from application to application: a clean end implies that the receiver got every
 * byte that the sender's {@code send} accepted.
 *
 * <pre>
 *   sender ---- accepted(n) ----&gt; the connection ---- received(n), ended(how) ----&gt; receiver
 * </pre>
 *
 * A send is accepted if it returned TAKEN, DONE or PENDING. The sender reports it when the call has returned, so call
 * {@link #verify} when no thread is inside a send any more. An end that is not reported, such as the receiver's own abort,
 * claims nothing. Any thread.
 */
public final class PeerTruth {

    /** How the stream ended for the receiving application. */
    public enum End {
        /** The end of the stream without a reset; with TLS, a close_notify. */
        CLEAN("a clean end"),
        /** A reset. */
        RESET("a reset"),
        /** A fatal alert, or another failure of the protocol above the transport. */
        ALERT("an alert"),
        /** TLS: the transport ended without a close_notify. */
        TRUNCATED("a truncation");

        private final String text;

        End(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final String name;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();

    /**
     * Creates a checker of one direction.
     *
     * @param name names the connection and the direction in messages
     */
    public PeerTruth(String name) {
        this.name = name;
    }

    /** The sender's {@code send} has accepted so many bytes. */
    public void accepted(long bytes) {
        accepted.addAndGet(bytes);
    }

    /** The receiving application has got so many bytes more. */
    public void received(long bytes) {
        received.addAndGet(bytes);
    }

    /** The receiving application has seen this end. The first one counts. */
    public void ended(End how) {
        end.compareAndSet(null, how);
    }

    /** Returns how many bytes were accepted so far. */
    public long acceptedBytes() {
        return accepted.get();
    }

    /** Returns how many bytes were received so far. */
    public long receivedBytes() {
        return received.get();
    }

    /** Returns the end that the receiving application has seen, or null. */
    public @Nullable End end() {
        return end.get();
    }

    /**
     * Checks the direction.
     *
     * @throws AssertionError if the end was clean and bytes are missing, or if more was received than was accepted
     */
    public void verify() {
        if (received.get() > accepted.get() || (end.get() == End.CLEAN && received.get() < accepted.get())) {
            throw new AssertionError(
                    name + ": the receiver got " + received + " of " + accepted + " accepted bytes, then " + end);
        }
    }

    /** Returns what the receiving application has seen, such as "all bytes, a clean end". */
    public String seen() {
        String how = end.get() == null ? "no end" : String.valueOf(end.get());
        return accepted.get() == 0 ? how : (received.get() == accepted.get() ? "all bytes, " : "a part, ") + how;
    }

    @Override
    public String toString() {
        return name + ": " + received + " of " + accepted + " bytes, " + end;
    }
}
