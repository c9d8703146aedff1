package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.IoHandler;

/** A user of a socket in a {@link Simulation}. Never used by two threads at a time. */
interface SimUser extends IoHandler {

    /** Does something at random. Any thread. */
    void act();

    /** Sends something that it keeps no account of: on a thread that runs beside its callbacks. */
    default void sendBeside() {}

    /** Reads what there is from now on. */
    void goOnReading();

    /** Sends no more and tells the peer. */
    void finish();

    void close();

    /** Says what was wrong with all it saw. */
    void judge();
}
