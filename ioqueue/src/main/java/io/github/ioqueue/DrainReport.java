package io.github.ioqueue;

import java.util.List;

/**
 * How a drain went.
 *
 * @param cut what was still open at the deadline, one sentence each; empty if everything ended by itself
 */
public record DrainReport(List<String> cut) {

    /** Copies the list. */
    public DrainReport {
        cut = List.copyOf(cut);
    }

    /** Whether nothing had to be cut. */
    public boolean isClean() {
        return cut.isEmpty();
    }
}
