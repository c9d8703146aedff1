package io.github.ioqueue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How ops get into a key: misuse throws, then a ticket is drawn, then the op is tried or queued.
 *
 * <pre>
 *   on the loop    nobody in front and fast track: tried at once; else into the list
 *   off the loop   a write, nobody in front and fast track: tried at once, by this thread, once; what is left of it goes
 *                  to the loop. All else arrives, and the loop is woken
 * </pre>
 */
final class Submitter {

    private final IoKey key;
    private final IoQueue queue;
    private final Half input;
    private final Half output;

    /** Numbers the ops off the loop: {@link FastTrack} decides by them. */
    private final AtomicLong outsideNumber = new AtomicLong();

    // ---- polling thread only

    private long opNumber;

    Submitter(IoKey key, Half input, Half output) {
        this.key = key;
        this.queue = key.queue();
        this.input = input;
        this.output = output;
    }

    Submission submit(IoOp op) {
        begin(op);
        return queue.inLoop() ? submitInLoop(op, half(op)) : submitOutside(op, half(op).admission());
    }

    private Submission submitInLoop(IoOp op, Half half) {
        int before = half.admission().admit();
        if (before == Admission.REFUSED) {
            return refused(op, half);
        }
        if (before == 0 && !half.isOwing() && goesInline(op) && half.tryNow(op)) {
            return done(op);
        }
        half.append(op, before);
        key.settle();
        return Submission.PENDING;
    }

    private Submission submitOutside(IoOp op, Admission admission) {
        int before = goesInlineOutside(op) ? admission.own() : admission.admit();
        if (before == Admission.REFUSED) {
            return refused(op, half(op));
        }
        if (before != Admission.OWNER) {
            admission.arrive(op);
            key.signal();
        } else if (half(op).attemptOutside(op)) {
            done(op); // before the side is given back: the last one to leave may let the key close
            if (admission.disown()) {
                key.signal();
            }
            return Submission.DONE;
        } else {
            admission.handOver(op);
            key.signal();
        }
        return Submission.PENDING;
    }

    boolean hold(WriteOp op) {
        queue.requireLoop("hold");
        begin(op);
        int before = output.admission().admit();
        if (before == Admission.REFUSED) {
            refused(op, output);
            return false;
        }
        op.held(true);
        output.append(op, before);
        return true;
    }

    Submission release(WriteOp op) {
        queue.requireLoop("release");
        op.held(false);
        boolean finished = output.tryHeld(op, goesInline(op));
        Submission answer = finished ? done(op) : Submission.PENDING;
        key.settle();
        return answer;
    }

    /** Takes the op from its owner, or throws for misuse and leaves it. */
    private void begin(IoOp op) {
        op.requireIdle();
        op.requireFit(key.port);
        key.requireStageFor(op);
        op.begin();
        queue.probe().submitted(key, op);
        if (op instanceof ConnectOp connect) {
            key.connecting(connect);
        }
    }

    /** Returns true if an op with no other before it is tried at once on the polling thread. */
    boolean goesInline(IoOp op) {
        return !op.isAlwaysAsync()
                && (key.isOpen() || op instanceof ConnectOp)
                && key.burst.isLeft()
                && queue.fastTrack().inline(key.number(), opNumber++);
    }

    /** The same on another thread, which tries writes only: the loop alone reads (R4). */
    private boolean goesInlineOutside(IoOp op) {
        return op instanceof WriteOp
                && !op.isAlwaysAsync()
                && key.isOpen()
                && queue.fastTrack().inline(~key.number(), outsideNumber.getAndIncrement());
    }

    private Submission refused(IoOp op, Half half) {
        op.fail(refusal(half.admission().cause()));
        queue.probe().completed(key, op, true);
        op.end();
        return Submission.DONE;
    }

    /** The cause for an op that came too late. */
    private static IOException refusal(@Nullable IOException why) {
        return why == null || why instanceof CancelledException ? new ClosedException("key is closed") : why;
    }

    private Submission done(IoOp op) {
        key.outcome(op, true);
        op.end();
        return Submission.DONE;
    }

    Half half(IoOp op) {
        return op.isInput() ? input : output;
    }
}
