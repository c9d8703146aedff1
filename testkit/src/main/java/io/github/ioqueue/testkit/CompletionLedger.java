package io.github.ioqueue.testkit;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.probe.KindCounts;
import io.github.ioqueue.probe.OpKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books of completions: watches R1 to R5, R8 and R13 on every queue it is the probe of.
 *
 * <pre>
 *   submitted ---> outcome known ---+--- inline: DONE, no callback may come
 *                                   +--- else:   callback, exactly one                    (R1, R2)
 *
 *   callbacks of a key and direction   in the order of the outcomes; a success never before what the same
 *                                      thread submitted earlier; only what failed may overtake (R3, R8)
 *   callbacks of a queue               on its polling thread, one at a time               (R4, R5)
 *                                      below IoQueue.poll or IoQueue.close, and never
 *                                      inside a submit, cancel or close of a key          (R4, R5)
 *   onClosed                           exactly once per key, and nothing after it         (R8)
 *   a clean end of a stream            behind every byte accepted for sending             (R13)
 * </pre>
 *
 * For the last of these the socket needs an {@link OutputRecord}: simulated and scripted sockets have one, real ones get it
 * from {@link OutputWatch}.
 *
 * <p>It only takes notes while the queues run; {@link #verify} judges, when they are closed. A key that is closed and owes
 * nothing is forgotten, so that a ledger may run for days. Any thread; several queues may share one.
 */
public final class CompletionLedger implements QueueProbe {

    private static final int MOST_NOTES = 50;

    private final ConcurrentHashMap<IoKey, KeyBook> books = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<IoQueue, AtomicInteger> openCallbacks = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger noteCount = new AtomicInteger();
    private final KindCounts immediate = new KindCounts();
    private final KindCounts called = new KindCounts();

    /** Creates a ledger with empty books. */
    public CompletionLedger() {}

    // ---- the probe

    @Override
    public void registered(IoKey key) {
        books.putIfAbsent(key, new KeyBook(key, this, false));
    }

    @Override
    public void submitted(IoKey key, IoOp op) {
        while (!book(key).submitted(op)) {
            Thread.onSpinWait(); // the key has just been closed, and its book is being put away
        }
    }

    @Override
    public void attempted(IoKey key, IoOp op, boolean finished) {
        book(key).attempted(op);
    }

    @Override
    public void completed(IoKey key, IoOp op, boolean inline) {
        if (inline) {
            immediate.add(OpKind.of(op));
        }
        book(key).outcome(op, inline);
    }

    @Override
    public void closed(IoKey key) {
        book(key).judgeOutput();
    }

    @Override
    public void callbackBegins(IoKey key, @Nullable IoOp op) {
        if (!key.queue().inLoop()) {
            violated(key, "R4: a callback off the polling thread: " + op);
        }
        String misplaced = CallSite.misplaced();
        if (!misplaced.isEmpty()) {
            violated(
                    key, misplaced + ": " + op + " on " + Thread.currentThread().getName());
        }
        if (open(key.queue()).getAndIncrement() > 0) {
            violated(key, "R4, R5: a callback inside or beside another: " + op);
        }
        if (op == null) {
            KeyBook book = book(key);
            book.closedCallback();
            if (book.retire()) {
                books.remove(key, book);
            }
        } else {
            called.add(OpKind.of(op));
            book(key).callback(op);
        }
    }

    @Override
    public void callbackEnds(IoKey key, @Nullable IoOp op) {
        open(key.queue()).decrementAndGet();
    }

    private KeyBook book(IoKey key) {
        KeyBook book = books.get(key);
        return book != null ? book : books.computeIfAbsent(key, k -> new KeyBook(k, this, k.isClosed()));
    }

    private AtomicInteger open(IoQueue queue) {
        AtomicInteger open = openCallbacks.get(queue);
        return open != null ? open : openCallbacks.computeIfAbsent(queue, q -> new AtomicInteger());
    }

    /** Takes a note of a violation; of very many only the first are kept. */
    void violated(IoKey key, String what) {
        if (noteCount.incrementAndGet() <= MOST_NOTES) {
            notes.add(what + "\n    " + key.explain());
        }
    }

    /** How many keys it keeps books of. */
    int books() {
        return books.size();
    }

    // ---- the judgement

    /** What was seen so far that no rule allows; empty if all is well. */
    public List<String> violations() {
        return List.copyOf(notes);
    }

    /** The ops that are pending or owed a callback now, each with its key; for the message of a test that waits. */
    public List<String> owed() {
        List<String> owed = new ArrayList<>();
        books.values().forEach(book -> book.owed(owed));
        return owed;
    }

    /**
     * Judges, once every queue is closed: no violation was seen, nothing is owed, and every key was told that it is
     * closed.
     *
     * @throws AssertionError listing every violation
     */
    public void verify() {
        List<String> all = new ArrayList<>(notes);
        books.values().forEach(book -> book.audit(all));
        int more = noteCount.get() - notes.size();
        if (!all.isEmpty()) {
            throw new AssertionError("the ledger found " + (all.size() + more) + " violations:\n  "
                    + String.join("\n  ", all) + (more > 0 ? "\n  and " + more + " more" : ""));
        }
    }

    // ---- the counters

    /** How many ops of this kind were {@code DONE} in {@code submit}. */
    public long immediate(OpKind kind) {
        return immediate.of(kind);
    }

    /** How many ops of this kind were completed by a callback. */
    public long callbacks(OpKind kind) {
        return called.of(kind);
    }

    /** How many ops were {@code DONE} in {@code submit}. */
    public long immediate() {
        return immediate.sum();
    }

    /** How many ops were completed by a callback. */
    public long callbacks() {
        return called.sum();
    }
}
