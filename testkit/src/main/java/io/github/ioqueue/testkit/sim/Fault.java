package io.github.ioqueue.testkit.sim;

/** What a {@link SimulatedNetwork} may do otherwise than plainly; all of it is legal for a kernel and a network. */
public enum Fault {
    /** A read gets fewer bytes than there are. */
    SHORT_READ,

    /** A read or a receive finds nothing although there is something. */
    EMPTY_READ,

    /** A write takes fewer bytes than there is room for. */
    SHORT_WRITE,

    /** A write or a send finds no room although there is. */
    BLOCKED_WRITE,

    /** A socket is reported ready and is not. */
    FALSE_ALARM,

    /** Ready sockets are reported in another order. */
    READY_ORDER,

    /** A wait ends before anything has happened. */
    EARLY_RETURN,

    /** Bytes, an end or a datagram take their time. */
    DELAY,

    /** A connection is torn down by a reset, from both sides' view. */
    RESET,

    /** A connect is refused although somebody listens. */
    REFUSED,

    /** A connect takes its time. */
    SLOW_CONNECT,

    /** An accept fails for want of descriptors; the connection goes on waiting. */
    NO_DESCRIPTOR,

    /** An accept finds nobody although somebody waits. */
    EMPTY_ACCEPT,

    /** A datagram is lost. */
    LOST,

    /** A datagram arrives twice. */
    TWICE,

    /** A datagram overtakes the one before it. */
    OVERTAKEN,

    /** An action of another thread happens at this point: see {@link SimulatedNetwork#atEachPoint}. */
    FOREIGN
}
