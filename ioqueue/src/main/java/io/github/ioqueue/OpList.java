package io.github.ioqueue;

import org.jspecify.annotations.Nullable;

/** A first-in first-out list of ops, linked through the ops themselves. An op stands in one list at most. */
final class OpList {

    private @Nullable IoOp head;
    private @Nullable IoOp tail;
    private int size;

    @Nullable IoOp first() {
        return head;
    }

    @Nullable IoOp last() {
        return tail;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return head == null;
    }

    void add(IoOp op) {
        if (tail == null) {
            head = op;
        } else {
            tail.next = op;
        }
        tail = op;
        size++;
    }

    @Nullable IoOp poll() {
        IoOp op = head;
        if (op != null) {
            head = op.next;
            if (head == null) {
                tail = null;
            }
            op.next = null;
            size--;
        }
        return op;
    }

    /** Takes an op out of the middle; for the rare cancel. */
    void remove(IoOp op) {
        IoOp before = null;
        for (IoOp at = head; at != null; before = at, at = at.next) {
            if (at == op) {
                unlink(before, op);
                return;
            }
        }
    }

    private void unlink(@Nullable IoOp before, IoOp op) {
        if (before == null) {
            head = op.next;
        } else {
            before.next = op.next;
        }
        if (tail == op) {
            tail = before;
        }
        op.next = null;
        size--;
    }
}
