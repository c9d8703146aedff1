package io.github.ioqueue.ssl;

import io.github.ioqueue.ssl.TlsProbe.Call;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import org.jspecify.annotations.Nullable;

/**
 * What an engine may do in a step. Each rule is one of the contract of {@link io.github.ioqueue.ssl.tls.TlsEngine}, and
 * together they bound every loop over its steps by the bytes that came and the plaintext that is to go:
 *
 * <pre>
 *   PROGRESS has moved a buffer or a fact                       so a step that repeats itself is found at once
 *   no more plaintext comes out than ciphertext went in         so receiving ends
 *   none comes out before the handshake is done                 so nobody is believed too early
 *   what is taken of the plaintext is in the ciphertext         so nothing is lost, and sending ends
 *     when there is nothing more to flush
 *   it speaks of itself no longer than a message can be         so flushing ends
 *   what it wants it can be given                               so nobody waits for what will not come
 * </pre>
 */
final class Conduct {

    /** The longest handshake message, of 2^24 bytes, in records of 2^14. */
    private static final int LONGEST_SPEECH = 1 << 10;

    /** Ciphertext that was consumed, less the plaintext that was produced. */
    private long inside;

    /** Plaintext that was taken and of which no ciphertext has come out. */
    private long withheld;

    /** Steps in a row for which there was no reason outside. */
    private int unasked;

    private boolean flushOwed;

    /** What is wrong with a step, or null. */
    @Nullable String breach(
            Call call, @Nullable Step step, int consumed, int produced, boolean factMoved, boolean handshakeDone) {
        if (step == null || !isAnswerTo(call, step)) {
            return "answers " + step;
        }
        if (step == Step.PROGRESS && consumed + produced == 0 && !factMoved) {
            return "says PROGRESS and has moved nothing";
        }
        if (call == Call.RECEIVE) {
            inside += consumed - produced;
            if (inside < 0) {
                return "has more plaintext than there was ciphertext";
            }
            if (produced > 0 && !handshakeDone) {
                return "has plaintext, and its handshake is not done";
            }
        } else if (withholds(call, step, consumed, produced)) {
            return "has taken " + withheld + " bytes more than came out";
        }
        if (owesFlush(call, step, produced)) {
            return "wants a flush, and has nothing to flush";
        }
        return speaks(call, step, consumed, produced) > LONGEST_SPEECH
                ? "has gone on for " + LONGEST_SPEECH + " steps without being asked"
                : null;
    }

    private static boolean isAnswerTo(Call call, Step step) {
        return switch (step) {
            case WANT_APP_SPACE -> call == Call.RECEIVE;
            case WANT_NET_SPACE -> call != Call.RECEIVE;
            case WANT_FLUSH -> call != Call.FLUSH;
            default -> true;
        };
    }

    /** It may keep what it has taken for the next flushes, but takes no more before that. */
    private boolean withholds(Call call, Step step, int consumed, int produced) {
        boolean before = withheld > 0;
        withheld = Math.max(0, withheld + consumed - produced);
        return withheld > 0
                && ((before && consumed > 0)
                        || (call == Call.FLUSH && (step == Step.WANT_INPUT || step == Step.CLOSED)));
    }

    /** Whether plaintext that was taken has not come out. */
    boolean withholds() {
        return withheld > 0;
    }

    /** It has failed: what it has taken will not come out, nor what it wanted flushed. */
    void failed() {
        withheld = 0;
        flushOwed = false;
    }

    private boolean owesFlush(Call call, Step step, int produced) {
        if (call != Call.FLUSH) {
            flushOwed = step == Step.WANT_FLUSH;
            return false;
        }
        boolean silent = flushOwed && produced == 0 && (step == Step.WANT_INPUT || step == Step.CLOSED);
        flushOwed &= step == Step.WANT_NET_SPACE;
        return silent;
    }

    private int speaks(Call call, Step step, int consumed, int produced) {
        if (consumed > 0 || (call == Call.RECEIVE && produced > 0)) {
            unasked = 0;
        } else if (step != Step.WANT_INPUT && step != Step.CLOSED) {
            unasked++;
        }
        return unasked;
    }

    /** It was asked to say something. */
    void asked() {
        unasked = 0;
    }
}
