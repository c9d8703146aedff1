package io.github.ioqueue.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.CancelledException;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.QueueProbe;
import io.github.ioqueue.spi.SocketPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a broken queue would look like from outside is caught, each by the instrument that claims it. */
class BrokenVariantsTest {

    private static final int SEEDS = 60;

    @Test
    void aCancelledOpThatIsDroppedIsMissedByTheLedger() {
        assertThat(violations(Recipe.probe(DroppedCancel::new))).anyMatch(v -> v.contains("R2: still owed"));
    }

    @Test
    void aSecondCompletionIsSeenByTheLedger() {
        assertThat(violations(Recipe.probe(Twice::new)))
                .anyMatch(v -> v.contains("R1, R2: a completion for an op that is done"));
    }

    @Test
    void aSendThatOvertakesIsSeenInTheStream() {
        Doubles.Call swap = (port, method, args) -> {
            if (method.equals("gather") && (int) args[1] > 1) {
                ByteBuffer[] srcs = (ByteBuffer[]) args[0];
                ByteBuffer first = srcs[0];
                srcs[0] = srcs[1];
                srcs[1] = first;
            }
            return Doubles.GO_ON;
        };
        assertThat(violations(Recipe.backend(inner -> Doubles.of(inner, swap, true))))
                .anyMatch(v -> v.contains("R3"));
    }

    @Test
    void aForgottenWakeUpIsSeenByTheClock() {
        assertThat(violations(Recipe.backend(inner -> Doubles.of(inner, (p, m, a) -> Doubles.GO_ON, false))))
                .anyMatch(v -> v.contains("a wake-up was lost"));
    }

    @Test
    void wouldBlockAsAFailureIsSeenAsOneWithoutACause() {
        Doubles.Call fail = (port, method, args) -> {
            Object answer = method.equals("read") || method.equals("write") ? port.call(args) : Doubles.GO_ON;
            if (answer.equals(SocketPort.WOULD_BLOCK)) {
                throw new IOException("Resource temporarily unavailable");
            }
            return answer;
        };
        assertThat(violations(Recipe.backend(inner -> Doubles.of(inner, fail, true))))
                .anyMatch(v -> v.contains("a failure without a cause"));
    }

    @Test
    void nothingBrokenNothingFound() {
        assertThat(violations(Recipe.backend(inner -> Doubles.of(inner, (p, m, a) -> Doubles.GO_ON, true))))
                .isEmpty();
    }

    private static List<String> violations(Recipe recipe) {
        try (ForeignThread other = new ForeignThread()) {
            return LongStream.range(0, SEEDS)
                    .boxed()
                    .flatMap(seed -> new Simulation(seed, other, recipe).run().stream())
                    .toList();
        }
    }

    /** Tells on what it hears. */
    private abstract static class Relay implements QueueProbe {
        final QueueProbe next;

        Relay(QueueProbe next) {
            this.next = next;
        }

        @Override
        public void registered(IoKey key) {
            next.registered(key);
        }

        @Override
        public void submitted(IoKey key, IoOp op) {
            next.submitted(key, op);
        }

        @Override
        public void completed(IoKey key, IoOp op, boolean inline) {
            next.completed(key, op, inline);
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            next.callbackBegins(key, op);
        }

        @Override
        public void callbackEnds(IoKey key, @Nullable IoOp op) {
            next.callbackEnds(key, op);
        }
    }

    private static final class DroppedCancel extends Relay {
        DroppedCancel(QueueProbe next) {
            super(next);
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            if (op == null || !(op.failure() instanceof CancelledException)) {
                super.callbackBegins(key, op);
            }
        }

        @Override
        public void callbackEnds(IoKey key, @Nullable IoOp op) {
            if (op == null || op.isPending() || !(op.failure() instanceof CancelledException)) {
                super.callbackEnds(key, op);
            }
        }
    }

    private static final class Twice extends Relay {
        Twice(QueueProbe next) {
            super(next);
        }

        @Override
        public void callbackBegins(IoKey key, @Nullable IoOp op) {
            super.callbackBegins(key, op);
            if (op != null) {
                super.callbackEnds(key, op);
                super.callbackBegins(key, op);
            }
        }
    }
}
