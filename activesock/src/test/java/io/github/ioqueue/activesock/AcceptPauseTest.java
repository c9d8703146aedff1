package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.testkit.CompletionLedger;
import io.github.ioqueue.testkit.sim.Fault;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A listener that cannot accept for want of descriptors pauses, longer each time, and goes on when it can. */
class AcceptPauseTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final CompletionLedger ledger = new CompletionLedger();
    private final List<Long> failures = new ArrayList<>();
    private int descriptorsMissing;

    @Test
    void thePauseDoublesUpToASecondAndTheListenerGoesOn() throws Exception {
        SimulatedNetwork network = new SimulatedNetwork((fault, outcomes) -> refuse(fault) ? 1 : 0);
        IoQueue queue = IoQueue.open(IoQueueConfig.builder()
                .backend(network)
                .nanoClock(network.clock())
                .probe(ledger)
                .build());
        Recorder accepted = new Recorder();
        Recorder connected = new Recorder();
        descriptorsMissing = 10;
        try (queue) {
            ActiveListener listener = Listener.on(Rig.loopback(7)).open(queue, new AcceptHandler() {
                @Override
                public StreamHandler onAccept(StreamSocket socket) {
                    return accepted;
                }

                @Override
                public void onAcceptFailed(ActiveListener where, IOException failure) {
                    failures.add(network.clock().getAsLong());
                }
            });
            Connector.to(Rig.address(listener)).open(queue, connected);
            for (int round = 0; !accepted.opened && round < 100; round++) {
                queue.poll(TimeUnit.SECONDS.toNanos(5));
            }
            assertThat(accepted.opened).isTrue();
        }
        assertThat(pauses()).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L);
        ledger.verify();
    }

    private boolean refuse(Fault fault) {
        return fault == Fault.NO_DESCRIPTOR && descriptorsMissing-- > 0;
    }

    private List<Long> pauses() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < failures.size(); i++) {
            pauses.add((failures.get(i) - failures.get(i - 1)) / MILLI);
        }
        return pauses;
    }
}
