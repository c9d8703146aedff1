package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.activesock.framing.FrameException;
import io.github.ioqueue.activesock.framing.FrameHandler;
import io.github.ioqueue.activesock.framing.Framed;
import io.github.ioqueue.activesock.framing.Framing;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames on real connections. */
@ParameterizedClass
@MethodSource("io.github.ioqueue.activesock.Rig#tracks")
class FramedTest {

    private static final Framing FRAMING = Framing.lengthField(2, 1000);

    private final Rig rig;
    private final Texts texts = new Texts();
    private Socket peer;

    FramedTest(FastTrack track) throws IOException {
        rig = new Rig(track);
    }

    @AfterEach
    void close() throws IOException {
        if (peer != null) {
            peer.close();
        }
        rig.close();
    }

    /** Keeps the frames as text, and does with each what the test says. */
    private static final class Texts implements FrameHandler {
        final List<String> frames = new ArrayList<>();
        BiConsumer<StreamSocket, ByteBuffer> then = (socket, frame) -> {};
        StreamSocket socket;
        CloseReason reason;

        @Override
        public void onOpen(StreamSocket opened) {
            socket = opened;
        }

        @Override
        public void onFrame(StreamSocket from, ByteBuffer frame) {
            frames.add(StandardCharsets.US_ASCII.decode(frame.duplicate()).toString());
            then.accept(from, frame);
        }

        @Override
        public void onClosed(StreamSocket closed, CloseReason why) {
            reason = why;
        }
    }

    private void open(Framing framing, StreamConfig config) throws IOException {
        ActiveListener listener =
                Listener.on(Rig.loopback(0)).config(config).open(rig.queue, s -> new Framed(framing, texts));
        peer = new Socket();
        peer.setSoTimeout(10_000);
        peer.connect(Rig.address(listener));
        rig.until("it is open or refused", () -> texts.socket != null || texts.reason != null || !rig.errors.isEmpty());
        listener.close();
    }

    private void open() throws IOException {
        open(FRAMING, FRAMING.fit(StreamConfig.defaults()));
    }

    private void peerSends(String... payloads) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(10_000);
        for (String each : payloads) {
            FRAMING.encode(StandardCharsets.US_ASCII.encode(each), out);
        }
        peer.getOutputStream().write(out.array(), 0, out.position());
    }

    @Test
    void manyInOnePieceComeOneByOne() throws Exception {
        open();
        peerSends("a", "", "bc");
        rig.until("all are there", () -> texts.frames.size() == 3);
        assertThat(texts.frames).containsExactly("a", "", "bc");
    }

    @Test
    void oneInManyPiecesComesOnce() throws Exception {
        open();
        for (byte each : new byte[] {0, 2, 'o', 'k'}) {
            assertThat(texts.frames).isEmpty();
            peer.getOutputStream().write(each);
            rig.rounds(3);
        }
        rig.until("it is there", () -> texts.frames.size() == 1);
        assertThat(texts.frames).containsExactly("ok");
    }

    @Test
    void pausingInsideAFrameHoldsTheNextBack() throws Exception {
        open();
        texts.then = (socket, frame) -> socket.pauseReading();
        peerSends("a", "b");
        rig.until("one is there", () -> texts.frames.size() == 1);
        rig.rounds(5);
        assertThat(texts.frames).containsExactly("a");
        rig.run(() -> texts.socket.resumeReading());
        rig.until("the other is there", () -> texts.frames.size() == 2);
    }

    @Test
    void behindAnAbortInsideAFrameComesNoOther() throws Exception {
        open();
        texts.then = (socket, frame) -> socket.abort();
        peerSends("a", "b");
        rig.until("it is closed", () -> texts.reason != null);
        assertThat(texts.frames).containsExactly("a");
    }

    @Test
    void aNewHandlerGetsTheBytesBehindTheFrame() throws Exception {
        open();
        Recorder next = rig.recorder();
        texts.then = (socket, frame) -> {
            next.socket = socket;
            socket.handler(next);
        };
        peerSends("upgrade", "x");
        rig.until("it has them", () -> next.in.size() == 3);
        assertThat(next.in.toByteArray()).containsExactly(0, 1, 'x');
    }

    @Test
    void whatTheHandlerLeavesOfAFrameIsSkipped() throws Exception {
        open();
        texts.then = (socket, frame) -> frame.get();
        peerSends("abc", "d");
        rig.until("both are there", () -> texts.frames.size() == 2);
        assertThat(texts.frames).containsExactly("abc", "d");
    }

    @Test
    void aFrameThatIsTooLongEndsTheConnectionAndNothingElse() throws Exception {
        open();
        peer.getOutputStream().write(new byte[] {(byte) 0xFF, (byte) 0xFF});
        rig.until("it is closed", () -> texts.reason != null);
        assertThat(texts.reason.kind()).isEqualTo(CloseReason.Kind.FAILED);
        assertThat(texts.reason.cause())
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("65535")
                .hasMessageContaining("1000");
        assertThat(rig.errors).isEmpty();
    }

    @Test
    void anEndInsideAFrameIsATruncation() throws Exception {
        open();
        peer.getOutputStream().write(new byte[] {0, 3, 'a'});
        peer.shutdownOutput();
        rig.until("it is closed", () -> texts.reason != null);
        assertThat(texts.reason.kind()).isEqualTo(CloseReason.Kind.TRUNCATED);
        assertThat(texts.reason.cause()).hasMessageContaining("3 bytes");
    }

    @Test
    void anEndBehindAFrameIsAnEnd() throws Exception {
        open();
        peerSends("a");
        peer.shutdownOutput();
        rig.until("it is closed", () -> texts.reason != null);
        assertThat(texts.reason.kind()).isEqualTo(CloseReason.Kind.PEER_END);
    }

    @Test
    void aSocketThatCannotKeepAFrameIsRefusedAtOnce() throws Exception {
        open(FRAMING, StreamConfig.defaults().withMaxUnread(1001));
        rig.until("it is closed", () -> texts.reason != null);
        assertThat(rig.errors).hasSize(1);
        assertThat(rig.errors.get(0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("1002", "1001");
        rig.errors.clear();
    }

    @Test
    void theLargestFrameFits() throws Exception {
        open(FRAMING, StreamConfig.defaults().withMaxUnread(1002));
        String largest = "x".repeat(1000);
        byte[] whole = new byte[1002];
        FRAMING.encode(StandardCharsets.US_ASCII.encode(largest), ByteBuffer.wrap(whole));
        peer.getOutputStream().write(whole, 0, 1001);
        rig.rounds(5);
        peer.getOutputStream().write(whole, 1001, 1);
        rig.until("it is there", () -> !texts.frames.isEmpty());
        assertThat(texts.frames).containsExactly(largest);
    }

    @Test
    void answersAreFramedAndThePayloadIsUsedUp() throws Exception {
        open();
        texts.then = (socket, frame) -> {
            assertThat(FRAMING.send(socket, frame)).isEqualTo(Sent.TAKEN);
            assertThat(frame.hasRemaining()).isFalse();
        };
        peerSends("ping", "pong");
        rig.until("both are there", () -> texts.frames.size() == 2);
        rig.rounds(3);
        assertThat(peer.getInputStream().readNBytes(12))
                .containsExactly(0, 4, 'p', 'i', 'n', 'g', 0, 4, 'p', 'o', 'n', 'g');
    }

    @Test
    void anotherThreadMaySendFrames() throws Exception {
        open();
        assertThat(FRAMING.send(texts.socket, StandardCharsets.US_ASCII.encode("hi")))
                .isEqualTo(Sent.TAKEN);
        rig.rounds(3);
        assertThat(peer.getInputStream().readNBytes(4)).containsExactly(0, 2, 'h', 'i');
    }
}
