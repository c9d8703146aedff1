package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All keys of a queue, and those among them that phases 1, 6 and 7 of a round have to look at. Each phase takes what
 * was there when it began; what its callbacks add waits for the next round. Polling thread only.
 */
final class Keys {

    private final ArrayList<IoKey> all = new ArrayList<>();
    private final ArrayDeque<IoKey> dirty = new ArrayDeque<>();
    private final OpList deferred = new OpList();

    /** The keys to close, linked by {@link IoKey#nextClosing}: so that the end of a loop allocates nothing. */
    private @Nullable IoKey firstClosing;

    private @Nullable IoKey lastClosing;

    void add(IoKey key) {
        if (key.slot < 0) {
            key.slot = all.size();
            all.add(key);
        }
    }

    void remove(IoKey key) {
        if (key.slot < 0) {
            return; // closed before its first turn
        }
        IoKey last = all.remove(all.size() - 1);
        if (last != key) {
            all.set(key.slot, last);
            last.slot = key.slot;
        }
        key.slot = -1;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Closes each. Allocates nothing: the heap may be exhausted. */
    void closeAll(IOException cause) {
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).closeNow(cause); // it leaves the table in phase 7
        }
    }

    /** A copy, for callers that print them all or call user code for each. */
    List<IoKey> copy() {
        return List.copyOf(all);
    }

    /** The key's interest has changed. */
    void dirty(IoKey key) {
        dirty.add(key);
    }

    /** The completion of this op is owed. */
    void defer(IoKey key, IoOp op) {
        op.key = key;
        deferred.add(op);
    }

    /** Nothing is inside the key any more: it can be closed. Once per key. */
    void closing(IoKey key) {
        IoKey last = lastClosing;
        if (last == null) {
            firstClosing = key;
        } else {
            last.nextClosing = key;
        }
        lastClosing = key;
    }

    /** Returns true if a deferred completion or a closing key waits for the next iteration. */
    boolean hasDeferred() {
        return !deferred.isEmpty() || firstClosing != null;
    }

    /** Phase 1. */
    void reconcile(Demultiplexer demultiplexer) {
        for (int n = dirty.size(); n > 0; n--) {
            dirty.remove().reconcile(demultiplexer);
        }
    }

    /** Phase 6. */
    void completeDeferred() {
        for (int n = deferred.size(); n > 0; n--) {
            IoOp op = Objects.requireNonNull(deferred.poll());
            IoKey key = Objects.requireNonNull(op.key);
            op.key = null;
            try {
                key.deliver(op);
            } finally {
                key.settle(); // also when the loop is dying of what the callback threw: its last round needs it
            }
        }
    }

    /** Phase 7. */
    void closeSettled() {
        IoKey key = firstClosing;
        firstClosing = null;
        lastClosing = null;
        while (key != null) {
            IoKey next = key.nextClosing;
            key.nextClosing = null;
            key.closed();
            key = next;
        }
    }
}
