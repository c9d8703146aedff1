package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ioqueue.testkit.PeerTruth.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PeerTruthTest {

    private final PeerTruth truth = new PeerTruth("to the client");

    @Test
    void aCleanEndBehindAllBytesPasses() {
        truth.accepted(10);
        truth.received(4);
        truth.received(6);
        truth.ended(End.CLEAN);
        assertThatCode(truth::verify).doesNotThrowAnyException();
        assertThat(truth.seen()).isEqualTo("all bytes, a clean end");
    }

    @Test
    void aCleanEndBehindAPartFails() {
        truth.accepted(10);
        truth.received(9);
        truth.ended(End.CLEAN);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(truth::verify)
                .withMessage("to the client: the receiver got 9 of 10 accepted bytes, then a clean end");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CLEAN")
    void anyOtherEndBehindAPartPasses(End end) {
        truth.accepted(10);
        truth.received(9);
        truth.ended(end);
        assertThatCode(truth::verify).doesNotThrowAnyException();
        assertThat(truth.seen()).isEqualTo("a part, " + end);
    }

    @Test
    void theFirstEndCounts() {
        truth.accepted(1);
        truth.ended(End.CLEAN);
        truth.ended(End.RESET);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(truth::verify);
    }

    @Test
    void moreThanWasAcceptedFails() {
        truth.accepted(1);
        truth.received(2);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(truth::verify);
    }

    @Test
    void anEndThatIsNotReportedClaimsNothing() {
        truth.accepted(1);
        assertThatCode(truth::verify).doesNotThrowAnyException();
        assertThat(truth.seen()).isEqualTo("a part, no end");
    }
}
