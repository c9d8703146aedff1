package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsLimits;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How much of a peer a TLS socket bears. */
@ParameterizedClass
@EnumSource
class SslLimitsTest extends SslLab {

    private void started(TlsLimits limits) {
        engine = new ScriptedEngine(true, way.memory);
        var tls = new ScriptedTls(
                engine,
                EnumSet.noneOf(TlsCapability.class),
                config().limits(limits).build());
        below = new MemoryStream(queue, recorder);
        inLoop(() -> socket = SslSocket.client(below, tls, "h", 1, recorder, StreamConfig.defaults()));
    }

    @Test
    void recordsWithoutDataAreBorneUpToTheLimitInARow() {
        started(TlsLimits.defaults().withRecordsWithoutData(5));
        arrives('F', "");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 5; i++) {
                arrives('D', "");
            }
            arrives('D', "x");
        }
        assertThat(recorder.closed).isNull();
        assertThat(recorder.data).hasToString("xxx");
        for (int i = 0; i < 6; i++) {
            arrives('D', "");
        }
        assertClosed(CloseReason.Kind.FAILED, Reason.PEER_MISBEHAVED);
        assertThat(recorder.closed.cause()).hasMessageContaining("6 records");
    }

    @Test
    void aHandshakeOfTooManyBytesIsCut() {
        started(TlsLimits.defaults().withHandshakeBytes(100));
        arrives('F', "x".repeat(200));
        assertClosed(CloseReason.Kind.FAILED, Reason.PEER_MISBEHAVED);
        assertThat(recorder.closed.cause()).hasMessageContaining("100 bytes");
        assertThat(recorder.events).containsExactly("closed");
    }

    @Test
    void bytesThatCameInTheClearAreNotTakenForTls() {
        opened(); // one to be judged at the end
        MemoryStream used = new MemoryStream(queue, recorder);
        inLoop(used::pauseReading);
        used.arrive(new byte[] {1, 2, 3});
        settle();
        assertThat(used.unread()).isEqualTo(3);
        var tls = new ScriptedTls(
                new ScriptedEngine(false, way.memory), EnumSet.noneOf(TlsCapability.class), TlsConfig.defaults());
        inLoop(() -> assertThatThrownBy(() -> SslSocket.server(used, tls, recorder, StreamConfig.defaults()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("3 bytes came in the clear"));
    }
}
