package io.github.ioqueue.tests.throwing;

import java.util.List;

/** Leads something of one kind through its life, so that each of its hooks is called. */
interface Walk {

    /** Walks. The trap is set, and may spring at any step; the steps behind it may find everything closed. */
    void walk(Stage stage, Case the) throws Exception;

    /** What is wrong now: of its handlers and ops. */
    List<String> violations(Stage stage, Case the, Throwable thrown);

    /** What is wrong when everything is closed. */
    default List<String> late() {
        return List.of();
    }

    /** Whether the listener goes on behind it. */
    default boolean leavesListener() {
        return true;
    }

    /** Whether the queue goes on behind it. */
    default boolean leavesQueue() {
        return true;
    }
}
