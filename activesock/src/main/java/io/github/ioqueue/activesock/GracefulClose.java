package io.github.ioqueue.activesock;

import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoTimer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends the output of a stream, and closes it, without losing accepted bytes (R13). Plain sockets and layers, such as TLS,
 * use it; each brings its {@link Transport}.
 *
 * <pre>
 *   IDLE --- endOutput ---> FLUSHING --- delivered ---> ENDING --- end written ---> ENDED
 *    |                         |                          |                           |
 *    | close                   | close                    | close                     | close
 *    |                         v                          v                           v
 *    +-------------> CLOSE_FLUSHING --- delivered ---> CLOSE_ENDING --- written ---> AWAIT_PEER_END
 *                              |                          |                           |
 *                              | deadline: a reset        | deadline: a reset         | the peer's end, deadline
 *                              v                          v                           v
 *                             DONE                       DONE                        DONE
 * </pre>
 *
 * <p>{@link #closeBehindAlert} goes to CLOSE_ENDING from IDLE and FLUSHING, too, and {@link #stop} to DONE from every state. In
 * ENDED the peer may send on.
 *
 * <p>Delivered means that the end may follow: the kernel has every accepted byte of a plain socket; every accepted byte of a
 * TLS connection is encrypted, and its close_notify goes behind it. If a socket were closed with input unread, or still to
 * come, the kernel would answer that input with a reset, which takes from the peer what it has not read yet (RFC 1122,
 * 4.2.2.13). So the output ends first. The owner of the transport reads and drops input until the peer's end has come.
 *
 * <p>The deadline measures progress (R15): it passes when the kernel has taken no byte for the close timeout. The close limit
 * bounds the whole, for a peer that takes a byte from time to time. Polling thread only.
 */
public final class GracefulClose {

    /** What a graceful close ends. Every method is called on the polling thread. */
    public interface Transport {

        /** Returns true if no accepted byte is on its way any more, also none of a thread that is inside a send. */
        boolean isDelivered();

        /** When the kernel last took bytes, by {@link IoQueue#roundNanos}, as far as it is known. Asked now and then. */
        long lastProgressNanos();

        /** Sends the end of the output: FIN, or close_notify. Called once, when all is delivered. */
        void endOutput();

        /** Returns true if the end of the output is with the layer below. */
        boolean isOutputEnded();

        /** The end of the output is with the layer below: calls {@link StreamHandler#onOutputEnded}. */
        void outputEnded();

        /** Returns true if no end of the peer's stream has to be waited for. */
        boolean hasPeerEnded();

        /** Closes the transport, by a reset if {@code reset}. Nothing is called after it. */
        void closeNow(CloseReason why, boolean reset);
    }

    private enum State {
        IDLE,
        FLUSHING,
        ENDING,
        ENDED,
        CLOSE_FLUSHING,
        CLOSE_ENDING,
        AWAIT_PEER_END,
        DONE
    }

    private static final Map<State, Set<State>> TRANSITIONS = new EnumMap<>(Map.of(
            State.IDLE, EnumSet.of(State.FLUSHING, State.CLOSE_FLUSHING, State.CLOSE_ENDING, State.DONE),
            State.FLUSHING, EnumSet.of(State.ENDING, State.CLOSE_FLUSHING, State.CLOSE_ENDING, State.DONE),
            State.ENDING, EnumSet.of(State.ENDED, State.CLOSE_ENDING, State.DONE),
            State.ENDED, EnumSet.of(State.AWAIT_PEER_END, State.DONE),
            State.CLOSE_FLUSHING, EnumSet.of(State.CLOSE_ENDING, State.DONE),
            State.CLOSE_ENDING, EnumSet.of(State.AWAIT_PEER_END, State.DONE),
            State.AWAIT_PEER_END, EnumSet.of(State.DONE),
            State.DONE, EnumSet.noneOf(State.class)));

    /** How often the deadline looks for progress within one close timeout. */
    private static final int LOOKS_PER_TIMEOUT = 8;

    private final IoQueue queue;
    private final Transport transport;
    private State state = State.IDLE;
    private boolean advancing;

    // ---- from the close on

    private @Nullable CloseReason reason;
    private @Nullable IoTimer timer;
    private Duration timeout = Duration.ZERO;
    private long limitNanos;
    private long begunNanos;
    private long progressNanos;

    /** For one transport. */
    public GracefulClose(IoQueue queue, Transport transport) {
        this.queue = queue;
        this.transport = transport;
    }

    // ---- what is asked for

    /** Ends the output behind all accepted bytes; reading goes on. Does nothing if that was asked for before. */
    public void endOutput() {
        if (state == State.IDLE) {
            to(State.FLUSHING);
            advance();
        }
    }

    /** Closes behind all accepted bytes, for this reason, within the timeouts of the configuration. */
    public void close(CloseReason why, StreamConfig config) {
        if (!isClosing()) {
            to(
                    switch (state) {
                        case ENDING -> State.CLOSE_ENDING;
                        case ENDED -> State.AWAIT_PEER_END;
                        default -> State.CLOSE_FLUSHING;
                    });
            start(why, config.closeTimeout(), config.closeLimit());
        }
    }

    /** Closes when what the transport has queued as its last words, a TLS alert, is written: within this time, or by a reset. */
    public void closeBehindAlert(CloseReason why, Duration within) {
        if (state != State.CLOSE_ENDING) { // else the alert takes the place of an end that was not written
            to(State.CLOSE_ENDING);
        }
        start(why, within, within);
    }

    private void start(CloseReason why, Duration noProgress, Duration whole) {
        reason = why;
        timeout = noProgress;
        limitNanos = whole.toNanos();
        begunNanos = queue.roundNanos();
        progressNanos = begunNanos;
        if (timer == null) {
            timer = queue.timer(this::look);
        }
        arm();
        advance();
    }

    /** The transport is closed, or closes for another reason. */
    public void stop() {
        if (state != State.DONE) {
            to(State.DONE);
        }
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Returns true if a close was asked for, or is over. */
    public boolean isClosing() {
        return state.compareTo(State.CLOSE_FLUSHING) >= 0;
    }

    // ---- what happens

    /** Something that the transport answers may have changed. */
    public void advance() {
        if (advancing) {
            return; // the transport calls from inside what is called here: the loop below sees it
        }
        advancing = true;
        try {
            while (step()) {
                // on to the next state
            }
        } finally {
            advancing = false;
        }
    }

    private boolean step() {
        switch (state) {
            case FLUSHING, CLOSE_FLUSHING -> {
                if (!transport.isDelivered()) {
                    return false;
                }
                to(state == State.FLUSHING ? State.ENDING : State.CLOSE_ENDING);
                transport.endOutput();
            }
            case ENDING, CLOSE_ENDING -> {
                if (!transport.isOutputEnded()) {
                    return false;
                }
                to(state == State.ENDING ? State.ENDED : State.AWAIT_PEER_END);
                progressNanos = queue.roundNanos();
                transport.outputEnded();
            }
            case AWAIT_PEER_END -> {
                if (!transport.hasPeerEnded()) {
                    return false;
                }
                finish(false);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void finish(boolean reset) {
        stop();
        transport.closeNow(Objects.requireNonNull(reason), reset);
    }

    private void to(State next) {
        if (!Objects.requireNonNull(TRANSITIONS.get(state)).contains(next)) {
            throw new IllegalStateException("graceful close: no transition from " + state + " to " + next);
        }
        state = next;
    }

    // ---- the deadline

    private void arm() {
        if (timer != null) {
            long now = queue.roundNanos();
            long untilStalled = timeout.toNanos() - (now - progressNanos);
            long untilLimit = limitNanos - (now - begunNanos);
            long nextLook = Math.max(1, timeout.toNanos() / LOOKS_PER_TIMEOUT);
            timer.arm(Math.min(Math.min(untilStalled, untilLimit), nextLook));
        }
    }

    private void look() {
        if (!isClosing() || state == State.DONE) {
            return;
        }
        long now = queue.roundNanos();
        progressNanos = Math.max(progressNanos, transport.lastProgressNanos());
        boolean stalled = now - progressNanos >= timeout.toNanos();
        if (!stalled && now - begunNanos < limitNanos) {
            arm();
        } else if (state == State.AWAIT_PEER_END) {
            finish(false); // all is with the kernel, only the peer's end is missing
        } else {
            timedOut(stalled);
        }
    }

    private void timedOut(boolean stalled) {
        CloseReason first = Objects.requireNonNull(reason);
        if (first.cause() == null) { // an earlier failure stays the reason
            reason = CloseReason.of(new DeadlineException(
                    stalled
                            ? "close: the peer took nothing for " + timeout
                            : "close: the peer did not take everything within " + Duration.ofNanos(limitNanos)));
        }
        finish(true);
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
