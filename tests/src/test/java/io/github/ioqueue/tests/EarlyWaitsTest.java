package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.testkit.ScriptedBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A system whose waits return for nothing is told, once per series. */
class EarlyWaitsTest {

    private final List<String> logged = new ArrayList<>();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Test
    void fiveHundredInARowAreLogged() throws Exception {
        Logger logger = Logger.getLogger(IoQueue.class.getName());
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        ScriptedBackend backend = new ScriptedBackend();
        try (IoQueue queue = IoQueue.open(IoQueueConfig.builder()
                .backend(backend)
                .nanoClock(backend.clock())
                .build())) {
            waits(queue, 511);
            assertThat(logged).isEmpty();
            waits(queue, 1000);
            assertThat(logged).hasSize(1).first().asString().contains("512", "IoQueue");
            queue.poll(1); // one that is right ends the series
            waits(queue, 512);
            assertThat(logged).hasSize(2);
        } finally {
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }
    }

    /** The script's waits without limit return at once. */
    private static void waits(IoQueue queue, int n) {
        for (int i = 0; i < n; i++) {
            queue.poll(Long.MAX_VALUE);
        }
    }
}
