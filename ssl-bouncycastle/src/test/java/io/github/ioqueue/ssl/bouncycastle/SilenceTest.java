package io.github.ioqueue.ssl.bouncycastle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Who has set a level keeps it. */
class SilenceTest {

    private final Logger above = Logger.getLogger("silence.test." + System.nanoTime());
    private final Logger logger = Logger.getLogger(above.getName() + ".below");

    @Test
    void withoutALevelOnlyTheWorstIsLeft() {
        Silence.begin(logger);
        assertThat(logger.isLoggable(Level.WARNING)).isFalse();
        assertThat(logger.isLoggable(Level.SEVERE)).isTrue();
    }

    @Test
    void aLevelThatTheUserHasSetStands() {
        logger.setLevel(Level.FINE);
        Silence.begin(logger);
        assertThat(logger.getLevel()).isEqualTo(Level.FINE);
    }

    @Test
    void aLevelThatTheUserHasSetAboveStands() {
        above.setLevel(Level.FINE);
        Silence.begin(logger);
        assertThat(logger.isLoggable(Level.FINE)).isTrue();
    }
}
