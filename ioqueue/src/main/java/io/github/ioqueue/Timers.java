package io.github.ioqueue;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Armed timers in a binary heap, the next one first. Each knows its place, so moving one is cheap. */
final class Timers {

    private @Nullable IoTimer[] heap = new IoTimer[16];
    private int size;

    void arm(IoTimer timer, long due) {
        disarm(timer);
        timer.due = due;
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

    /** Takes out the next timer if it is due. */
    @Nullable IoTimer pollDue(long now) {
        if (size == 0 || at(0).due - now > 0) {
            return null;
        }
        IoTimer next = at(0);
        disarm(next);
        return next;
    }

    private void siftUp(IoTimer timer) {
        while (timer.slot > 0) {
            IoTimer parent = at((timer.slot - 1) / 2);
            if (parent.due - timer.due <= 0) {
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
            if (child + 1 < size && at(child + 1).due - at(child).due < 0) {
                child++;
            }
            IoTimer least = at(child);
            if (timer.due - least.due <= 0) {
                return;
            }
            swap(timer, least);
        }
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
