package io.github.ioqueue.ssl;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The states of a TLS connection and the transitions between them; {@link TlsConnection} has the events. Whether reading is
 * paused, output waits for room, or the engine is with an executor are states of its parts, not of the connection.
 *
 * <pre>
 *   from           to
 *   HANDSHAKING    OPEN ALERT RESET CLOSED
 *   OPEN           PEER_ENDED OUTPUT_ENDING CLOSING ALERT BELOW_CLOSING RESET CLOSED
 *   PEER_ENDED     CLOSING ALERT RESET CLOSED
 *   OUTPUT_ENDING  OUTPUT_ENDED CLOSING ALERT RESET CLOSED
 *   OUTPUT_ENDED   BELOW_CLOSING RESET CLOSED
 *   CLOSING        BELOW_CLOSING ALERT RESET CLOSED
 *   ALERT          BELOW_CLOSING RESET CLOSED
 *   BELOW_CLOSING  RESET CLOSED
 *   RESET          CLOSED
 * </pre>
 */
enum TlsState {
    /** The handshake is not done. */
    HANDSHAKING,
    /** Data goes both ways. */
    OPEN,
    /** The peer's close_notify was read; this end may send on, if the engine can. */
    PEER_ENDED,
    /** This end has ended its output: accepted bytes are flushed, close_notify behind them. Reading goes on. */
    OUTPUT_ENDING,
    /** The close_notify is with the socket below. Reading goes on. */
    OUTPUT_ENDED,
    /** Accepted bytes are flushed, close_notify behind them. Input is dropped. */
    CLOSING,
    /** The connection has failed: ciphertext that is made already is flushed, a fatal alert behind it. */
    ALERT,
    /** The socket below closes gracefully. */
    BELOW_CLOSING,
    /** The socket below is aborted. */
    RESET,
    /** The socket below is closed. */
    CLOSED;

    private static final Map<TlsState, Set<TlsState>> TRANSITIONS = new EnumMap<>(TlsState.class);

    static {
        TRANSITIONS.put(HANDSHAKING, EnumSet.of(OPEN, ALERT, RESET, CLOSED));
        TRANSITIONS.put(OPEN, EnumSet.of(PEER_ENDED, OUTPUT_ENDING, CLOSING, ALERT, BELOW_CLOSING, RESET, CLOSED));
        TRANSITIONS.put(PEER_ENDED, EnumSet.of(CLOSING, ALERT, RESET, CLOSED));
        TRANSITIONS.put(OUTPUT_ENDING, EnumSet.of(OUTPUT_ENDED, CLOSING, ALERT, RESET, CLOSED));
        TRANSITIONS.put(OUTPUT_ENDED, EnumSet.of(BELOW_CLOSING, RESET, CLOSED));
        TRANSITIONS.put(CLOSING, EnumSet.of(BELOW_CLOSING, ALERT, RESET, CLOSED));
        TRANSITIONS.put(ALERT, EnumSet.of(BELOW_CLOSING, RESET, CLOSED));
        TRANSITIONS.put(BELOW_CLOSING, EnumSet.of(RESET, CLOSED));
        TRANSITIONS.put(RESET, EnumSet.of(CLOSED));
        TRANSITIONS.put(CLOSED, EnumSet.noneOf(TlsState.class));
    }

    /** The states that may follow this one. */
    Set<TlsState> next() {
        return Objects.requireNonNull(TRANSITIONS.get(this));
    }

    /**
     * Returns the next state.
     *
     * @throws IllegalStateException if it may not follow this one
     */
    TlsState to(TlsState next) {
        if (!next().contains(next)) {
            throw new IllegalStateException("TLS connection: no transition from " + this + " to " + next);
        }
        return next;
    }
}
