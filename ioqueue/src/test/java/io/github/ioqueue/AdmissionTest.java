package io.github.ioqueue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The protocol of one direction between its senders and the loop, under the interleavings that Lincheck finds. */
public class AdmissionTest {

    /** How many scenarios are tried; more with {@code -Pfull}. */
    private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 5);

    private static ModelCheckingOptions model() {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(1_000);
    }

    @Test
    void itIsAQueueWhateverThreadsSend() {
        model().sequentialSpecification(Fifo.class).check(Side.class);
    }

    @Test
    void itIsAQueueUnderStress() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(4 * SCENARIOS)
                .invocationsPerIteration(1_000)
                .sequentialSpecification(Fifo.class)
                .check(Side.class);
    }

    @Test
    void theLoopIsToldOfWhateverIsLeftToIt() {
        model().sequentialSpecification(Nothing.class).check(Signals.class);
    }

    /** A write with a number; it leaves in two parts. */
    private static final class Numbered extends WriteOp {
        final int number;

        Numbered(int number) {
            super(ByteBuffer.allocate(0));
            this.number = number;
        }
    }

    /** A direction with its wire, on which every number stands twice in a row. */
    private static class Direction {

        final Admission admission = new Admission();
        final ConcurrentLinkedQueue<Integer> wire = new ConcurrentLinkedQueue<>();
        final AtomicBoolean signalled = new AtomicBoolean();

        /** The loop's. */
        private final ArrayDeque<Runnable> writes = new ArrayDeque<>();

        private final Admission.Receiver list = this::list;

        /** As a thread off the loop sends; {@code blocks} when the socket takes the first part only. */
        boolean sendOutside(int number, boolean blocks) {
            Numbered op = new Numbered(number);
            int before = admission.own();
            if (before == Admission.REFUSED) {
                return false;
            }
            if (before != Admission.OWNER) {
                admission.arrive(op);
                signalled.set(true);
                return true;
            }
            wire.add(number);
            if (blocks) {
                admission.handOver(op);
                signalled.set(true);
            } else {
                wire.add(number);
                if (admission.disown()) {
                    signalled.set(true);
                }
            }
            return true;
        }

        /** As the loop writes what is left to it. */
        void run() {
            admission.collect(list);
            for (Runnable write = writes.poll(); write != null; write = writes.poll()) {
                write.run();
                admission.leave();
            }
        }

        private void list(IoOp op, boolean begun) {
            int number = ((Numbered) op).number;
            writes.add(() -> {
                wire.add(number);
                if (!begun) {
                    wire.add(number);
                }
            });
        }
    }

    /** Sends, and what the peer gets: a queue, if each op goes out whole and in the order of admission. */
    public static final class Side {

        private final Direction direction = new Direction();

        @Operation
        public boolean send(
                @Param(gen = IntGen.class, conf = "1:9") int number, @Param(gen = BooleanGen.class) boolean blocks) {
            return direction.sendOutside(number, blocks);
        }

        @Operation
        public void shut() {
            direction.admission.shut(new IOException("shut"));
        }

        /** The next number; null if there is none, and nobody has one under way. */
        @Operation(nonParallelGroup = "loop")
        public @Nullable Integer receive() {
            for (; ; ) {
                direction.run();
                boolean nobodyInside = direction.admission.count() == 0;
                if (direction.wire.size() >= 2) {
                    Integer first = direction.wire.poll();
                    Integer second = direction.wire.poll();
                    if (!first.equals(second)) {
                        throw new AssertionError("parts of " + first + " and " + second + " are mixed");
                    }
                    return first;
                }
                if (nobodyInside) {
                    return null;
                }
            }
        }

        @Validate
        public void allLeave() {
            while (receive() != null) {
                // on to the next
            }
            if (direction.admission.isShut() != direction.admission.isSettled()) {
                throw new AssertionError("shut, empty, and not settled");
            }
        }
    }

    /** What {@link Side} is when nothing happens at the same time. */
    public static final class Fifo {

        private final ArrayDeque<Integer> numbers = new ArrayDeque<>();
        private boolean shut;

        public boolean send(int number, boolean blocks) {
            if (!shut) {
                numbers.add(number);
            }
            return !shut;
        }

        public void shut() {
            shut = true;
        }

        public @Nullable Integer receive() {
            return numbers.poll();
        }
    }

    /** Sends, and a loop that looks only when it was told to. */
    public static final class Signals {

        private final Direction direction = new Direction();

        @Operation
        public void send(@Param(gen = BooleanGen.class) boolean blocks) {
            direction.sendOutside(1, blocks);
        }

        @Operation(nonParallelGroup = "loop")
        public void turn() {
            if (direction.signalled.getAndSet(false)) {
                direction.run();
            }
        }

        @Validate
        public void nobodyIsForgotten() {
            while (direction.signalled.get()) {
                turn();
            }
            if (direction.admission.count() != 0) {
                throw new AssertionError(direction.admission.count() + " inside, and the loop is not told");
            }
        }
    }

    /** Neither has a result. */
    public static final class Nothing {

        public void send(boolean blocks) {}

        public void turn() {}
    }
}
