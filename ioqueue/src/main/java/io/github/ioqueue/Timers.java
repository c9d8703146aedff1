package io.github.ioqueue;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Armed timers in a binary heap, the next one first. Each knows its place, so moving one is cheap. */
final class Timers {

    private @Nullable IoTimer[] heap = new IoTimer[16];
    private int size;
    private long arms;

    void arm(IoTimer timer, long due) {
        disarm(timer);
        timer.due = due;
        timer.arm = arms++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        place(timer, size++);
        siftUp(timer);
    }

    void disarm(IoTimer timer) {
        int hole = timer.slot;
        if (hole < 0) {
            return;
        }
        timer.slot = -1;
        IoTimer last = at(--size);
        heap[size] = null;
        if (last != timer) {
            place(last, hole);
            siftUp(last);
            siftDown(last);
        }
    }

    /** How long until the next is due: 0 if one is, {@link Long#MAX_VALUE} if none is armed. */
    long nanosToNext(long now) {
        return size == 0 ? Long.MAX_VALUE : Math.max(0, at(0).due - now);
    }

    /** How often timers were armed so far: a mark for {@link #pollDue}. */
    long arms() {
        return arms;
    }

    /** Takes out the next timer if it is due, and was armed before the mark. */
    @Nullable IoTimer pollDue(long now, long mark) {
        if (size == 0 || at(0).due - now > 0 || at(0).arm >= mark) {
            return null;
        }
        IoTimer next = at(0);
        disarm(next);
        return next;
    }

    private void siftUp(IoTimer timer) {
        while (timer.slot > 0) {
            IoTimer parent = at((timer.slot - 1) / 2);
            if (isBefore(parent, timer)) {
                return;
            }
            swap(parent, timer);
        }
    }

    private void siftDown(IoTimer timer) {
        for (; ; ) {
            int child = 2 * timer.slot + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && isBefore(at(child + 1), at(child))) {
                child++;
            }
            IoTimer least = at(child);
            if (isBefore(timer, least)) {
                return;
            }
            swap(timer, least);
        }
    }

    /** By time, and at the same time in the order of arming. */
    private static boolean isBefore(IoTimer a, IoTimer b) {
        return a.due == b.due ? a.arm < b.arm : a.due - b.due < 0;
    }

    private void swap(IoTimer upper, IoTimer lower) {
        int slot = upper.slot;
        place(upper, lower.slot);
        place(lower, slot);
    }

    private void place(IoTimer timer, int slot) {
        heap[slot] = timer;
        timer.slot = slot;
    }

    private IoTimer at(int slot) {
        return Objects.requireNonNull(heap[slot]);
    }
}
