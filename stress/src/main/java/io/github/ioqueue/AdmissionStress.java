package io.github.ioqueue;

import java.io.IOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** An owner comes and goes while the direction is shut. The results: its ticket, whether it tells the loop, settled. */
@JCStressTest
@Outcome(id = "-1, 0, 1", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(id = "-2, 0, 1", expect = Expect.ACCEPTABLE, desc = "it had gone before")
@Outcome(
        id = "-2, 1, 1",
        expect = Expect.ACCEPTABLE,
        desc = "shut beneath it, and it tells the loop, which waits for it")
@State
public class AdmissionStress {

    private final Admission admission = new Admission();

    @Actor
    public void owner(III_Result result) {
        result.r1 = admission.own();
        if (result.r1 == Admission.OWNER) {
            result.r2 = admission.disown() ? 1 : 0;
        }
    }

    @Actor
    public void shut() {
        admission.shut(new IOException("shut"));
    }

    @Arbiter
    public void settled(III_Result result) {
        result.r3 = admission.isSettled() && admission.cause() != null ? 1 : 0;
    }
}
