package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.testkit.sim.Choices;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ledger's own books: kept while a key lives, and no longer. */
class CompletionLedgerTest {

    private final CompletionLedger ledger = new CompletionLedger();
    private final IoQueue queue;

    CompletionLedgerTest() throws IOException {
        SimulatedNetwork network = new SimulatedNetwork(Choices.PLAIN);
        queue = IoQueue.open(IoQueueConfig.builder()
                .backend(network)
                .nanoClock(network.clock())
                .probe(ledger)
                .build());
    }

    private IoKey open() throws IOException {
        return queue.register(queue.openDatagram().bind(Loopback.ANY_PORT), new Recorder());
    }

    @Test
    void keysThatAreClosedAndOweNothingAreForgotten() throws Exception {
        List<IoKey> keys = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            IoKey key = open();
            key.submit(new ReceiveOp());
            keys.add(key);
        }
        queue.poll(0);
        assertThat(ledger.books()).isEqualTo(100);
        keys.forEach(IoKey::close);
        queue.poll(0);
        queue.poll(0);
        assertThat(ledger.books()).isZero();
        queue.close();
        ledger.verify();
    }

    @Test
    void whatIsSubmittedToAForgottenKeyIsNoViolationAndASecondEndIsOne() throws Exception {
        IoKey key = open();
        key.close();
        queue.poll(0);
        queue.poll(0);
        assertThat(ledger.books()).isZero();
        assertThat(key.submit(new ReceiveOp())).isEqualTo(Submission.DONE);
        queue.close();
        ledger.verify();
        ledger.callbackBegins(key, null);
        assertThat(ledger.violations()).anyMatch(each -> each.contains("onClosed for the 2. time"));
    }
}
