package io.github.ioqueue;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An owner writes a part and hands over while the loop collects. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "collected later")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "collected, with its progress")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "lost")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "collected without its progress, or twice")
@State
public class HandOverStress {

    private static final int UNSEEN = 7;

    private final Admission admission = new Admission();
    private final Partial op = new Partial();

    /** Its progress is a plain field, as a buffer's position is. */
    private static final class Partial extends WriteOp {
        int written;

        Partial() {
            super(ByteBuffer.allocate(0));
        }
    }

    @Actor
    public void owner() {
        admission.own();
        op.written = 1;
        admission.handOver(op);
    }

    @Actor
    public void loop(II_Result result) {
        result.r1 = collected();
    }

    @Arbiter
    public void loopAgain(II_Result result) {
        result.r2 = collected();
    }

    private int collected() {
        int[] seen = {0};
        admission.collect((begun, wasTried) -> seen[0] += ((Partial) begun).written == 1 ? 1 : UNSEEN);
        return seen[0];
    }
}
