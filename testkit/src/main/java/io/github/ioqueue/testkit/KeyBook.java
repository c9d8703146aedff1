package io.github.ioqueue.testkit;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.probe.OpKind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@link CompletionLedger}'s book of one key. Any thread; one lock per key. */
final class KeyBook {

    /** One submission that has not been told about yet. */
    private static final class Entry {
        final IoOp op;
        final ArrayDeque<Entry> line;
        final Thread thread = Thread.currentThread();
        final boolean behindShutdown;
        boolean known;
        boolean refused;

        Entry(IoOp op, ArrayDeque<Entry> line, boolean behindShutdown) {
            this.op = op;
            this.line = line;
            this.behindShutdown = behindShutdown;
        }
    }

    /** What one thread has submitted, per direction, in its order. */
    private static final class Lines {
        final ArrayDeque<Entry> input = new ArrayDeque<>();
        final ArrayDeque<Entry> output = new ArrayDeque<>();
    }

    private final IoKey key;
    private final CompletionLedger ledger;
    private final IdentityHashMap<IoOp, Entry> open = new IdentityHashMap<>();
    private final Map<Thread, Lines> lines = new HashMap<>();
    private final ArrayDeque<Entry> inputKnown = new ArrayDeque<>();
    private final ArrayDeque<Entry> outputKnown = new ArrayDeque<>();
    private final @Nullable OutputRecord output;
    private @Nullable Thread shutdownBy;
    private boolean outputFailed;
    private boolean outputJudged;
    private int closed;
    private boolean retired;

    /** Opens a book; {@code closed} if the key has had one that was retired. */
    KeyBook(IoKey key, CompletionLedger ledger, boolean closed) {
        this.key = key;
        this.ledger = ledger;
        this.closed = closed ? 1 : 0;
        this.output = closed ? null : recordOf(key.socket());
    }

    private static @Nullable OutputRecord recordOf(IoSocket socket) {
        try {
            return socket.supportedOptions().contains(OutputRecord.OPTION) ? socket.option(OutputRecord.OPTION) : null;
        } catch (IOException e) {
            return null; // closed already: it sends nothing
        }
    }

    /** Retires it if the key is closed and owes nothing; answers whether it did. */
    synchronized boolean retire() {
        retired = closed > 0 && open.isEmpty();
        return retired;
    }

    /** Takes a note of a submission; not if the book was retired meanwhile, which is answered then. */
    synchronized boolean submitted(IoOp op) {
        if (retired) {
            return false;
        }
        Lines mine = lines.computeIfAbsent(Thread.currentThread(), t -> new Lines());
        Entry entry = new Entry(op, OpKind.of(op).isInput() ? mine.input : mine.output, shutdownBy != null);
        if (OpKind.of(op) == OpKind.SHUTDOWN) {
            shutdownBy = Thread.currentThread();
        }
        if (open.put(op, entry) != null) {
            violated("R6: submitted while pending: " + op);
        }
        entry.line.add(entry);
        return true;
    }

    synchronized void attempted(IoOp op) {
        outputFailed |= op.failure() != null && !OpKind.of(op).isInput();
        Entry entry = open.get(op);
        if (entry == null || entry.known) {
            violated("R1: a system call for an op that is not pending: " + op);
        }
        if (closed > 0) {
            violated("R8: a system call after onClosed: " + op);
        }
    }

    synchronized void outcome(IoOp op, boolean inline) {
        Entry entry = open.get(op);
        if (entry == null || entry.known) {
            violated("R2: an outcome for an op that is not pending: " + op);
            return;
        }
        entry.refused = isRefused(op, entry, inline);
        if (inline) {
            written(op, entry);
            open.remove(op);
            entry.line.removeLastOccurrence(entry);
        } else {
            entry.known = true;
            known(op).add(entry);
        }
    }

    /**
     * Returns true if the bytes of a write were not accepted for sending: {@code submit} refused it, it was submitted behind
     * a {@code shutdownOutput}, or {@code cancel} took it back. When another thread closes the key at the moment of such a
     * cancel, the write counts as accepted.
     */
    private boolean isRefused(IoOp op, Entry entry, boolean inline) {
        IOException failure = op.failure();
        if (failure == null || !(op instanceof WriteOp write)) {
            return false;
        }
        boolean shutFirst = shutdownBy != null && shutdownBy != entry.thread && failure instanceof ClosedException;
        boolean takenBack = write.count() == 0 && !outputFailed && !key.isClosed();
        return inline || entry.behindShutdown || shutFirst || takenBack;
    }

    /** Counts the bytes of a write: when its callback begins, for until then the buffer of a held write is being filled. */
    private void written(IoOp op, Entry entry) {
        if (output != null && op instanceof WriteOp write) {
            output.accepted(write.count() + (entry.refused ? 0 : write.buffer().remaining()));
            judgeOutput();
        }
    }

    /** Judges what the peer is made to believe: a clean end says that all accepted bytes are before it. */
    synchronized void judgeOutput() {
        String missing = output == null || outputJudged ? "" : output.missing();
        if (!missing.isEmpty()) {
            outputJudged = true;
            violated("The peer sees " + missing);
        }
    }

    synchronized void callback(IoOp op) {
        if (closed > 0) {
            violated("R8: a completion after onClosed: " + op);
        }
        Entry entry = open.remove(op);
        if (entry == null) {
            violated("R1, R2: a completion for an op that is done or was never submitted: " + op);
            return;
        }
        if (!entry.known) {
            violated("R2: a completion without an outcome: " + op);
        }
        written(op, entry);
        leave(known(op), entry, "R3: a completion before that of an earlier outcome: ");
        leave(entry.line, entry, op.failure() != null ? null : "R3: a success before what was submitted earlier: ");
    }

    /** Takes an entry out, with a note if it was not the first and that matters. */
    private void leave(ArrayDeque<Entry> line, Entry entry, @Nullable String rule) {
        if (line.peekFirst() == entry) {
            line.removeFirst();
        } else if (line.removeFirstOccurrence(entry) && rule != null) {
            violated(rule + entry.op);
        }
    }

    private ArrayDeque<Entry> known(IoOp op) {
        return OpKind.of(op).isInput() ? inputKnown : outputKnown;
    }

    synchronized void closedCallback() {
        if (++closed > 1) {
            violated("R8: onClosed for the " + closed + ". time");
        }
    }

    synchronized void owed(List<String> into) {
        open.values().forEach(entry -> into.add(entry.op + (entry.known ? " (outcome known)" : "") + " of " + key));
    }

    synchronized void audit(List<String> into) {
        open.values().forEach(entry -> into.add("R2: still owed: " + entry.op + "\n    " + key.explain()));
        if (closed == 0) {
            into.add("R8: onClosed never came\n    " + key.explain());
        }
    }

    private void violated(String what) {
        ledger.violated(key, what);
    }
}
