package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections come and go, and no descriptor of theirs stays behind. */
class TlsChurnTest {

    private static final String BACKENDS = "io.github.ioqueue.tests.tls.TlsRig#backends";
    private static final int AT_A_TIME = 8;

    private final TestAuthority authority = TestAuthority.create();
    private final Semaphore free = new Semaphore(AT_A_TIME);
    private final AtomicInteger failed = new AtomicInteger();

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void threeHundredConnectionsLeaveNoDescriptor(String backend) throws Exception {
        churn(backend, 100, 300);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void twentyThousandConnectionsLeaveNoDescriptor(String backend) throws Exception {
        churn(backend, 1_000, 20_000);
    }

    private void churn(String backend, int before, int count) throws Exception {
        assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
                "descriptors are counted on Unix");
        TlsLayer client = TlsRig.layer(
                backend, TlsConfig.builder().trust(authority.certificates()).build());
        TlsConfig server =
                TlsConfig.builder().identity(authority.identity("localhost")).build();
        try (TlsRig rig = TlsRig.server(backend, server)) {
            openAndClose(rig, client, before);
            long descriptors = descriptors();
            openAndClose(rig, client, count);
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 4);
            assertThat(failed).hasValue(0);
        }
    }

    private void openAndClose(TlsRig rig, TlsLayer client, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            acquire(1);
            rig.connect("localhost", client, new OneByte(i));
        }
        acquire(AT_A_TIME);
        free.release(AT_A_TIME);
        for (int i = 0; i < count; i++) {
            assertThat(rig.awaitEnd()).isNotNull();
        }
    }

    private void acquire(int permits) throws InterruptedException {
        assertThat(free.tryAcquire(permits, TlsRig.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .as("connections end")
                .isTrue();
    }

    /** Sends one byte, waits for it and closes: in order, or by a reset. */
    private final class OneByte implements StreamHandler {
        private final int number;
        private boolean back;

        OneByte(int number) {
            this.number = number;
        }

        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(ByteBuffer.wrap(new byte[] {(byte) number}));
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            back = in.get() == (byte) number;
            if (number % 3 == 0) {
                socket.abort();
            } else {
                socket.close();
            }
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            if (!back) {
                failed.incrementAndGet();
            }
            free.release();
        }
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }
}
