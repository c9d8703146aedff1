package io.github.ioqueue.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A thread that is not the loop's is writing; what others do meanwhile, the loop included, waits and is not forgotten. */
class OwnerTest {

    private static final Choices AT_ONCE = (fault, outcomes) -> fault == Fault.FOREIGN ? 1 : 0;

    private final SimPair pair = new SimPair(FastTrack.ON, AT_ONCE);

    private void whileThisThreadWrites(Runnable meanwhile) {
        pair.foreignOnce(() -> {
            meanwhile.run();
            pair.poll();
            pair.poll();
        });
        pair.exploredHere(() -> pair.send("ab"));
        pair.settle();
    }

    @Test
    void aSendOfAnotherThreadGoesWhenTheOwnerIsDone() {
        try (pair) {
            whileThisThreadWrites(() -> pair.send("cd"));
            pair.expect(Set.of("abcd"));
        }
    }

    @Test
    void aSendOfAnotherThreadGoesBehindWhatTheOwnerHandsOver() {
        try (pair) {
            pair.shortWriteOnce();
            whileThisThreadWrites(() -> pair.send("cd"));
            pair.expect(Set.of("abcd"));
        }
    }

    @Test
    void aCloseWaitsForTheOwnerAndThenComes() {
        try (pair) {
            int open = pair.openSockets();
            whileThisThreadWrites(pair::closeWriter);
            assertThat(pair.openSockets()).isEqualTo(open - 1);
            pair.expect(Set.of("ab"));
        }
    }

    @Test
    void aCloseFailsWhatTheOwnerHandsOver() {
        try (pair) {
            int open = pair.openSockets();
            pair.shortWriteOnce();
            whileThisThreadWrites(pair::closeWriter);
            assertThat(pair.openSockets()).isEqualTo(open - 1);
            pair.expect(Set.of("a"));
        }
    }

    @Test
    void aCancelOfWhatTheOwnerWritesComesTooLate() {
        try (pair) {
            whileThisThreadWrites(pair::cancelLast);
            pair.expect(Set.of("ab"));
        }
    }

    @Test
    void anEndOfOutputWaitsForTheOwner() {
        try (pair) {
            whileThisThreadWrites(pair::endOutput);
            pair.expect(Set.of("ab"));
        }
    }
}
