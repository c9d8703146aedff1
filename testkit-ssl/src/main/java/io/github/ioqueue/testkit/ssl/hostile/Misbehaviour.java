package io.github.ioqueue.testkit.ssl.hostile;

import java.util.EnumSet;
import java.util.Set;

/**
 * What an engine may do otherwise than plainly. The first half is legal: {@link LegalEngine} does it, and nothing may be
 * lost by it. The other half no engine may do: {@link HostileEngine} does, and whoever drives it has to find an end.
 */
public enum Misbehaviour {

    // ---- legal

    /** It takes less plaintext than would go into a record. */
    SHORT_RECORD(true),
    /** It sends a record without data. */
    EMPTY_RECORD(true),
    /** It consumes a record whole and yields its plaintext in pieces. */
    REST_INSIDE(true),
    /** It wants a task run first. */
    TASK_FIRST(true),
    /** It wants what it has to say flushed first. */
    FLUSH_FIRST(true),
    /** It says something that nobody asked for, as a ticket. */
    TALK(true),
    /** It keeps back what it has to say, and says a part of it at a time. */
    PART_OF_OUTPUT(true),
    /** Plaintext has to wait until the peer has answered: new keys. */
    RENEGOTIATE(true),
    /** Its records for the wire grow. */
    GROW_NET(true),
    /** Its records of plaintext grow. */
    GROW_APP(true),
    /** It tells a fact in a step of its own, later than it might. */
    LATE_FACT(true),
    /** It fails and can make no alert. */
    NO_ALERT(true),

    // ---- hostile

    /** A verb throws a {@code TlsException}, out of the blue. */
    THROW_TLS(false),
    /** A verb throws a {@code RuntimeException}. */
    THROW_RUNTIME(false),
    /** A verb throws an {@code Error}, though none of the machine's. */
    THROW_ERROR(false),
    /** A verb throws when it has moved its buffers. */
    THROW_MOVED(false),
    /** A question about facts or sizes throws. */
    THROW_FACT(false),
    /** After it has failed flushing goes on to throw. */
    THROW_AGAIN(false),
    /** {@code memory} throws. */
    THROW_MEMORY(false),
    /** {@code session} throws. */
    THROW_SESSION(false),
    /** {@code takeTask} throws. */
    THROW_TAKE_TASK(false),
    /** The task throws. */
    THROW_TASK(false),
    /** {@code closeNotify} throws. */
    THROW_CLOSE_NOTIFY(false),
    /** {@code fail} throws. */
    THROW_FAIL(false),
    /** {@code rekey} throws. */
    THROW_REKEY(false),
    /** {@code close} throws. */
    THROW_CLOSE(false),
    /** A step is null. */
    NULL_STEP(false),
    /** There is no session when the handshake is done. */
    NULL_SESSION(false),
    /** It wants a task run, and has none. */
    NULL_TASK(false),
    /** It says {@code PROGRESS} and has moved nothing. */
    FALSE_PROGRESS(false),
    /** It wants input from some moment on, whatever comes. */
    DEAF(false),
    /** It takes no plaintext from some moment on. */
    BUSY(false),
    /** It wants a flush and has nothing to flush. */
    FALSE_FLUSH(false),
    /** It wants room that it has. */
    FALSE_SPACE(false),
    /** A step that is no answer to the verb. */
    WRONG_STEP(false),
    /** It has a task to run, and another, and another. */
    TASKS_FOR_EVER(false),
    /** A verb says {@code CLOSED} from some moment on. */
    CLOSED_EARLY(false),
    /** It asks for more room each time it is given what it asked for. */
    GROW_FOR_EVER(false),
    /** It asks for room that nobody has. */
    HUGE_SIZE(false),
    /** It asks for less room than nothing. */
    NEGATIVE_SIZE(false),
    /** It has something to say for ever. */
    TALK_FOR_EVER(false),
    /** It has plaintext that never came. */
    DATA_FROM_NOTHING(false),
    /** It takes plaintext and encrypts none of it. */
    SWALLOW(false),
    /** It takes plaintext and encrypts less. */
    SWALLOW_SOME(false),
    /** It moves the position of a buffer backwards. */
    MOVE_BACK(false),
    /** It changes the limit of a buffer. */
    MOVE_LIMIT(false),
    /** Its handshake is done, and then it is not. */
    UNDONE(false),
    /** Its handshake is done before it has begun. */
    DONE_AT_ONCE(false),
    /** Its handshake is never done. */
    NEVER_DONE(false),
    /** The peer has closed, out of the blue. */
    END_EARLY(false),
    /** The peer has closed, and then it has not. */
    END_TAKEN_BACK(false),
    /** There is data behind the peer's end. */
    DATA_AFTER_END(false);

    private final boolean legal;

    Misbehaviour(boolean legal) {
        this.legal = legal;
    }

    /** Whether the contract of an engine allows it. */
    public boolean isLegal() {
        return legal;
    }

    /** All that the contract allows. */
    public static Set<Misbehaviour> legal() {
        EnumSet<Misbehaviour> some = EnumSet.allOf(Misbehaviour.class);
        some.removeIf(kind -> !kind.legal);
        return some;
    }

    /** All that it does not. */
    public static Set<Misbehaviour> illegal() {
        return EnumSet.complementOf(EnumSet.copyOf(legal()));
    }
}
