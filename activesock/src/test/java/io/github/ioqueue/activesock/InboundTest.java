package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.FastTrack;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InboundTest {

    private static final StreamConfig CONFIG = StreamConfig.defaults();
    private static final String TRACKS = "io.github.ioqueue.activesock.Rig#tracks";
    private static final String WORLDS = "io.github.ioqueue.activesock.World#all";

    /** One message per call: a length, then so many bytes. */
    private static void oneMessage(Recorder recorder, ByteBuffer in) {
        if (in.remaining() >= 4 && in.remaining() >= 4 + in.getInt(in.position())) {
            recorder.take(in, 4 + in.getInt(in.position()));
        }
    }

    private static byte[] messages(int count, int length) {
        ByteBuffer all = ByteBuffer.allocate(count * (4 + length));
        for (int i = 0; i < count; i++) {
            all.putInt(length).put(Bytes.array(i, length));
        }
        return all.array();
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aHandlerThatTakesOneMessagePerCallGetsThemAll(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            server.data = (socket, in) -> oneMessage(server, in);
            Socket peer = rig.peerOf(server, CONFIG);
            byte[] all = messages(1000, 20);
            peer.getOutputStream().write(all);
            rig.until("all is taken", () -> server.in.size() == all.length);
            assertThat(server.in.toByteArray()).isEqualTo(all);
            assertThat(server.socket().unread()).isZero();
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void messagesFedByteByByteAreSeenWhole(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            server.data = (socket, in) -> oneMessage(server, in);
            Socket peer = rig.peerOf(server, CONFIG);
            peer.setTcpNoDelay(true);
            byte[] all = messages(5, 30);
            for (byte b : all) {
                int before = server.dataCalls;
                peer.getOutputStream().write(b);
                rig.until("the byte is seen", () -> server.dataCalls > before);
            }
            assertThat(server.in.toByteArray()).isEqualTo(all);
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void messagesOfAllSizesUpToTheLimitAreSeenInOnePiece(World world) throws Exception {
        for (int length : new int[] {8_188, 8_189, 9_000, 20_000, 33_000, 60_000, 65_530}) {
            try (Rig rig = new Rig(world)) {
                Recorder from = rig.recorder();
                Recorder to = rig.recorder();
                to.data = (socket, in) -> oneMessage(to, in);
                rig.pair(from, to, CONFIG);
                byte[] all = messages(10, length);
                rig.run(() -> from.socket().send(ByteBuffer.wrap(all)));
                rig.until("all of " + length + " is taken", () -> to.in.size() == all.length);
                assertThat(to.in.toByteArray()).isEqualTo(all);
                assertThat(to.socket().unread()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void aLargerLimitLetsLargerMessagesThrough(World world) throws Exception {
        try (Rig rig = new Rig(world)) {
            Recorder from = rig.recorder();
            Recorder to = rig.recorder();
            to.data = (socket, in) -> oneMessage(to, in);
            rig.pair(from, to, CONFIG.withMaxUnread(2 << 20).withMaxQueued(16 << 20, 100));
            byte[] all = messages(5, 1_000_000);
            rig.run(() -> from.socket().send(ByteBuffer.wrap(all)));
            rig.until("all is taken", () -> to.in.size() == all.length);
            assertThat(to.in.toByteArray()).isEqualTo(all);
        }
    }

    @ParameterizedTest
    @MethodSource(WORLDS)
    void aHandlerThatTakesNothingOfAsMuchAsIsAllowedLosesItsSocket(World world) throws Exception {
        for (int limit : new int[] {100, 10_000, 64 << 10, 200_000}) {
            try (Rig rig = new Rig(world)) {
                Recorder from = rig.recorder();
                Recorder to = rig.recorder();
                to.data = (socket, in) -> {};
                rig.pair(from, to, CONFIG.withMaxUnread(limit));
                rig.run(() -> from.socket().send(Bytes.heap(0, limit - 1)));
                rig.until("one byte less is kept", () -> to.socket().unread() == limit - 1);
                assertThat(to.closed()).isFalse();
                rig.run(() -> from.socket().send(Bytes.heap(0, 1)));
                rig.until("it is closed", to::closed);
                assertThat(to.kind()).isEqualTo(CloseReason.Kind.REMAINDER_FULL);
                rig.until("the peer sees it", from::closed);
                assertThat(from.kind()).isEqualTo(CloseReason.Kind.RESET);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void whatIsLeftIsOfferedAgainOnlyWithMore(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            server.data = (socket, in) -> {
                if (in.remaining() >= 10) {
                    server.take(in, in.remaining());
                }
            };
            Socket peer = rig.peerOf(server, CONFIG);
            peer.getOutputStream().write(Bytes.array(0, 4));
            rig.until("it is offered", () -> server.dataCalls == 1);
            rig.rounds(5);
            assertThat(server.dataCalls).isEqualTo(1);
            assertThat(rig.onLoop(() -> server.socket().unread())).isEqualTo(4);
            peer.getOutputStream().write(Bytes.array(4, 6));
            rig.until("it is taken", () -> server.in.size() == 10);
            assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(10));
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aNewHandlerSetInOnDataGetsTheRestAtOnce(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder first = rig.recorder();
            Recorder second = rig.recorder();
            first.expectClose = false;
            first.data = (socket, in) -> {
                first.take(in, 3);
                socket.handler(second);
            };
            Socket peer = rig.peerOf(first, CONFIG);
            second.socket = first.socket;
            peer.getOutputStream().write(Bytes.array(10));
            rig.until("the second has the rest", () -> second.in.size() == 7);
            assertThat(first.in.toByteArray()).isEqualTo(Bytes.array(3));
            assertThat(second.in.toByteArray()).isEqualTo(Bytes.array(3, 7));
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aNewHandlerSetOutsideOnDataIsOfferedTheRemainder(FastTrack track) throws Exception {
        for (int n : new int[] {10, 20_000}) {
            try (Rig rig = new Rig(track)) {
                Recorder first = rig.recorder();
                Recorder second = rig.recorder();
                first.expectClose = false;
                first.data = (socket, in) -> {};
                Socket peer = rig.peerOf(first, CONFIG);
                second.socket = first.socket;
                peer.getOutputStream().write(Bytes.array(n));
                rig.until("it is left", () -> first.socket().unread() == n);
                rig.run(() -> first.socket().handler(second));
                rig.until("the second has it", () -> second.in.size() == n);
                assertThat(second.in.toByteArray()).isEqualTo(Bytes.array(n));
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void afterPauseInOnDataNothingComesUntilResume(FastTrack track) throws Exception {
        try (Rig rig = new Rig(track)) {
            Recorder server = rig.recorder();
            server.data = (socket, in) -> {
                server.take(in, 1);
                socket.pauseReading();
            };
            Socket peer = rig.peerOf(server, CONFIG);
            peer.getOutputStream().write(Bytes.array(5));
            for (int i = 1; i <= 5; i++) {
                int calls = i;
                rig.until("a byte is taken", () -> server.dataCalls == calls);
                rig.rounds(3);
                assertThat(server.dataCalls).isEqualTo(calls);
                server.socket().resumeReading();
            }
            assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(5));
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource(TRACKS)
    void aPauseFromOutsideHoldsOnceTheLoopHasSeenIt(FastTrack track) throws Exception {
        for (int left : new int[] {0, 20_000}) {
            try (Rig rig = new Rig(track)) {
                Recorder server = rig.recorder();
                server.data = (socket, in) -> server.take(in, Math.max(0, in.remaining() - left));
                Socket peer = rig.peerOf(server, CONFIG);
                peer.getOutputStream().write(Bytes.array(left + 1));
                rig.until("all but the rest is taken", () -> server.in.size() == 1);
                server.socket().pauseReading();
                rig.run(() -> {});
                int calls = server.dataCalls;
                peer.getOutputStream().write(Bytes.array(left + 1, 100));
                rig.rounds(5);
                assertThat(server.dataCalls).isEqualTo(calls);
                server.data = (socket, in) -> server.take(in, in.remaining());
                server.socket().resumeReading();
                rig.until("the rest is taken", () -> server.in.size() == left + 101);
                assertThat(server.in.toByteArray()).isEqualTo(Bytes.array(left + 101));
                peer.close();
            }
        }
    }
}
