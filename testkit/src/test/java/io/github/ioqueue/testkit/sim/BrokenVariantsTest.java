package io.github.ioqueue.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.testkit.InterposedBackend;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a broken queue would look like from outside is caught, each by the instrument that claims it. */
class BrokenVariantsTest {

    private static final int SEEDS = 60;
    private static final ForeignThread OTHER = new ForeignThread();

    @AfterAll
    static void close() {
        OTHER.close();
    }

    @Test
    void aCancelledOpThatIsDroppedIsMissedByTheLedger() {
        assertThat(violations(Recipe.probe(BrokenProbes.DroppedCancel::new)))
                .anyMatch(v -> v.contains("R2: still owed"));
    }

    @Test
    void aSecondCompletionIsSeenByTheLedger() {
        assertThat(violations(Recipe.probe(BrokenProbes.Twice::new)))
                .anyMatch(v -> v.contains("R1, R2: a completion for an op that is done"));
    }

    @Test
    void aSendThatOvertakesIsSeenInTheStream() {
        assertThat(violations(calls(Doubles::swap))).anyMatch(v -> v.contains("R3"));
    }

    @Test
    void aForgottenWakeUpIsSeenByTheClock() {
        assertThat(violations(Recipe.backend(Doubles::deaf))).anyMatch(v -> v.contains("a wake-up was lost"));
    }

    @Test
    void wouldBlockAsAFailureIsSeenAsOneWithoutACause() {
        assertThat(violations(calls(Doubles::failure))).anyMatch(v -> v.contains("a failure without a cause"));
    }

    @Test
    void aCleanEndBehindQueuedBytesIsSeenByTheLedger() {
        assertThat(violations(calls(Doubles::neverReset)))
                .anyMatch(v -> v.contains("The peer sees a clean end behind"));
    }

    @Test
    void aByteThatGoesNowhereIsSeenByTheLedger() {
        assertThat(violations(calls(Doubles::swallow))).anyMatch(v -> v.contains("The peer sees a clean end behind"));
    }

    @Test
    void anEndThatIsForgottenIsMissedByTheLedger() {
        assertThat(violations(Recipe.probe(BrokenProbes.ForgottenEnd::new)))
                .anyMatch(v -> v.contains("R8: onClosed never came"));
    }

    @Test
    void aCallbackOfTheEndOnAnotherThreadIsSeenByTheLedger() {
        try (ForeignThread wrong = new ForeignThread()) {
            assertThat(violations(Recipe.probe(next -> new BrokenProbes.OtherThread(next, wrong))))
                    .anyMatch(v -> v.contains("R4: a callback outside IoQueue.poll and IoQueue.close"));
        }
    }

    @Test
    void aCallbackOfTheEndInsideASubmitIsSeenByTheLedger() {
        assertThat(violations(Recipe.probe(BrokenProbes.InsideSubmit::new)))
                .anyMatch(v -> v.contains("R5: a callback inside IoKey.submit"));
    }

    @Test
    void nothingBrokenNothingFound() {
        assertThat(violations(Recipe.backend(Doubles::none))).isEmpty();
        assertThat(violations(Recipe.probe(BrokenProbes.Relay::new))).isEmpty();
    }

    private static Recipe calls(InterposedBackend.Call call) {
        return Recipe.backend(inner -> Doubles.of(inner, call));
    }

    private static List<String> violations(Recipe recipe) {
        return LongStream.range(0, SEEDS)
                .boxed()
                .flatMap(seed -> new Simulation(seed, OTHER, recipe).run().stream())
                .toList();
    }
}
