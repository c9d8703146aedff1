package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.testkit.ScriptedBackend;
import io.github.ioqueue.testkit.ScriptedStreamPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reason of an end names the accepted bytes that the kernel has not taken, to the byte. */
class UnsentBytesTest {

    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";
    private static final int TAKEN = 700;
    private static final int COPIED = 5000;
    private static final int OP = 300;
    private static final String UNSENT = (COPIED + OP - TAKEN) + " bytes were not sent";

    private void assertUnsent(
            FastTrack track, CloseReason.Kind kind, BiConsumer<Rig, ActiveSocket> end, boolean afterwards)
            throws IOException {
        try (Rig rig = new Rig(track, new ScriptedBackend())) {
            ScriptedStreamPort port = ScriptedStreamPort.connected();
            port.output().take(TAKEN).wouldBlock().forever();
            Recorder recorder = rig.recorder();
            ActiveSocket socket = ActiveSocket.adopt(rig.queue, port.socket(), recorder, StreamConfig.defaults());
            rig.until("it is open", () -> recorder.opened);
            rig.run(() -> {
                socket.send(ByteBuffer.allocate(COPIED));
                socket.send(new WriteOp(ByteBuffer.allocate(OP)));
            });
            rig.until("the kernel has a part", () -> port.written().length == TAKEN);
            end.accept(rig, socket);
            if (afterwards) {
                rig.until("it is closed", recorder::closed);
            }
            assertThat(recorder.kind()).isEqualTo(kind);
            assertThat(String.valueOf(recorder.reason)).contains(UNSENT);
            assertThat(recorder.sent).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void ofAnAbort(FastTrack track) throws Exception {
        assertUnsent(track, CloseReason.Kind.LOCAL, (rig, socket) -> rig.run(socket::abort), true);
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void ofAQueueThatIsClosed(FastTrack track) throws Exception {
        assertUnsent(track, CloseReason.Kind.LOCAL, (rig, socket) -> rig.queue.close(), false);
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void ofACloseThatAQueueCuts(FastTrack track) throws Exception {
        assertUnsent(
                track,
                CloseReason.Kind.LOCAL,
                (rig, socket) -> {
                    rig.run(socket::close);
                    rig.queue.close();
                },
                false);
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void ofAFailure(FastTrack track) throws Exception {
        assertUnsent(
                track,
                CloseReason.Kind.FAILED,
                (rig, socket) -> rig.run(() -> socket.abort(CloseReason.of(new IOException("the user's")))),
                true);
    }
}
