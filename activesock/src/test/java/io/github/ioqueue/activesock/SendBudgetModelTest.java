package io.github.ioqueue.activesock;

import io.github.ioqueue.activesock.StreamSocket.Sent;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Each step on the budget is one: whatever threads take room and give it back, the answers are those of some order. So a
 * refusal and the release that makes it good cannot miss each other.
 */
public class SendBudgetModelTest {

    @Test
    void everyStepIsOne() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(Integer.getInteger("lincheck.scenarios", 5))
                .invocationsPerIteration(1_000)
                .check(Room.class);
    }

    /** Room for two and a half sends. */
    public static final class Room {

        private static final int BYTES = 100;

        private final SendBudget budget = new SendBudget(StreamConfig.defaults().withMaxQueued(5 * BYTES / 2, 10));

        @Operation
        public Sent take() {
            return budget.reserve(BYTES);
        }

        /** As the loop, which gives back what is there: whether {@code onWritable} is due. */
        @Operation(nonParallelGroup = "loop")
        public boolean giveBack() {
            return !budget.isEmpty() && budget.release(BYTES);
        }

        @Operation
        public void shut() {
            budget.shut();
        }
    }
}
