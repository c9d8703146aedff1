package io.github.ioqueue.activesock;

import io.github.ioqueue.activesock.StreamSocket.Sent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A send meets a full budget while it drains. The results: refused, and told that it may send again. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "refused, and told")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "not refused")
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "refused, and nobody will tell")
@Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "told for nothing")
@State
public class PromiseStress {

    private static final int BYTES = 100;

    private final SendBudget budget = new SendBudget(StreamConfig.defaults().withMaxQueued(BYTES, 10));

    public PromiseStress() {
        budget.reserve(BYTES);
    }

    @Actor
    public void send(ZZ_Result result) {
        result.r1 = budget.reserve(BYTES) == Sent.FULL;
    }

    @Actor
    public void drain(ZZ_Result result) {
        result.r2 = budget.release(BYTES);
    }
}
