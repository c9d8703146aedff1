package io.github.ioqueue.activesock.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The framings alone: bytes in, frames out, and back. */
class FramingTest {

    private static final int MAX = 250;

    /** Those whose payloads may have any length up to the maximum, and any byte but those of the delimiters. */
    static Stream<Framing> framings() {
        return Stream.of(
                Framing.lengthField(1, MAX),
                Framing.lengthField(2, MAX),
                Framing.lengthField(3, MAX).littleEndian(),
                Framing.lengthField(4, MAX).countingItself(),
                Framing.lengthField(4, MAX).littleEndian().withSurplus(7),
                Framing.lines(MAX),
                Framing.delimited(bytes("\0"), MAX),
                Framing.delimited(bytes("\n\n\r\n"), MAX));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer payload(int n, Random random) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = (byte) ('0' + random.nextInt(70));
        }
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer encode(Framing framing, List<ByteBuffer> payloads) {
        ByteBuffer out = ByteBuffer.allocate(100_000);
        for (ByteBuffer each : payloads) {
            int before = out.position();
            framing.encode(each, out);
            assertThat(out.position() - before)
                    .isEqualTo(framing.encodedBytes(each))
                    .isLessThanOrEqualTo(framing.maxBytes());
            assertThat(each.position()).isZero();
        }
        return out.flip();
    }

    /** Feeds the bytes in pieces of this size, keeps what is no whole frame, as a socket does. */
    private static List<ByteBuffer> decode(Framing framing, ByteBuffer stream, int piece) throws FrameException {
        Framer framer = framing.framer();
        List<ByteBuffer> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.allocate(framing.maxBytes() + piece).limit(0);
        while (stream.hasRemaining()) {
            int n = Math.min(piece, stream.remaining());
            in.compact().put(stream.slice(stream.position(), n)).flip();
            stream.position(stream.position() + n);
            while (in.hasRemaining() && framer.find(in)) {
                byte[] frame = new byte[framer.limit() - framer.start()];
                in.get(framer.start(), frame);
                frames.add(ByteBuffer.wrap(frame));
                in.position(framer.next());
            }
            assertThat(in.remaining()).isLessThan(framing.maxBytes());
        }
        assertThat(in.hasRemaining()).isFalse();
        return frames;
    }

    @ParameterizedTest
    @MethodSource("framings")
    void whateverTheCutsAreTheFramesAreTheSame(Framing framing) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<ByteBuffer> payloads = new ArrayList<>(List.of(payload(0, random), payload(MAX, random)));
        for (int i = 0; i < 20; i++) {
            payloads.add(payload(random.nextInt(MAX + 1), random));
        }
        ByteBuffer stream = encode(framing, payloads);
        for (int piece = 1; piece <= 2 * MAX; piece++) {
            assertThat(decode(framing, stream.duplicate(), piece)).isEqualTo(payloads);
        }
    }

    @ParameterizedTest
    @MethodSource("framings")
    void aPayloadBeyondTheMaximumIsNotSent(Framing framing) {
        ByteBuffer tooLong = payload(MAX + 1, new Random(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> framing.encodedBytes(tooLong))
                .withMessageContaining("250")
                .withMessageContaining("251");
    }

    // ---- lengths

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aLengthBeyondTheMaximumIsRefusedAsSoonAsItIsKnown(int width) {
        byte[] largest = new byte[width];
        Arrays.fill(largest, (byte) 0xFF);
        long found = (1L << (8 * width)) - 1;
        for (LengthField framing : List.of(
                Framing.lengthField(width, 9), Framing.lengthField(width, 9).littleEndian())) {
            assertThatExceptionOfType(FrameException.class)
                    .isThrownBy(() -> framing.framer().find(ByteBuffer.wrap(largest)))
                    .withMessageContaining(String.valueOf(found))
                    .withMessageContaining("0 to 9");
        }
    }

    @Test
    void oneMoreThanTheMaximumIsRefusedAndTheMaximumIsNot() throws Exception {
        Framing framing = Framing.lengthField(1, 9);
        assertThat(framing.framer().find(ByteBuffer.wrap(new byte[] {9}))).isFalse();
        assertThatExceptionOfType(FrameException.class)
                .isThrownBy(() -> framing.framer().find(ByteBuffer.wrap(new byte[] {10})));
    }

    @Test
    void aLengthThatDoesNotEvenCountItselfIsRefused() {
        Framing framing = Framing.lengthField(2, 9).countingItself();
        assertThatExceptionOfType(FrameException.class)
                .isThrownBy(() -> framing.framer().find(ByteBuffer.wrap(new byte[] {0, 1})))
                .withMessageContaining("-1");
    }

    @Test
    void theBytesOnTheWireAreThoseOfTheOrder() {
        assertThat(encode(Framing.lengthField(3, 9), List.of(ByteBuffer.wrap(bytes("ab")))))
                .isEqualTo(ByteBuffer.wrap(new byte[] {0, 0, 2, 'a', 'b'}));
        assertThat(encode(
                        Framing.lengthField(3, 9).littleEndian().countingItself(),
                        List.of(ByteBuffer.wrap(bytes("ab")))))
                .isEqualTo(ByteBuffer.wrap(new byte[] {5, 0, 0, 'a', 'b'}));
    }

    @Test
    void aMaximumThatTheLengthCannotSayIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.lengthField(1, 256));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Framing.lengthField(1, 255).countingItself());
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.lengthField(4, Integer.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.lengthField(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.lengthField(5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.lines(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Framing.fixed(0));
    }

    // ---- delimiters

    @Test
    void linesEndInLfOrCrLf() throws Exception {
        List<ByteBuffer> lines = decode(Framing.lines(9), ByteBuffer.wrap(bytes("a\nb\r\n\n\r\nc\rd\r\r\n")), 3);
        assertThat(lines)
                .extracting(line -> StandardCharsets.ISO_8859_1.decode(line).toString())
                .containsExactly("a", "b", "", "", "c\rd\r");
    }

    @Test
    void aLineWithoutEndIsRefusedWhenItIsTooLong() throws Exception {
        Framing framing = Framing.lines(9);
        assertThat(framing.framer().find(ByteBuffer.wrap(bytes("123456789\r")))).isFalse();
        assertThatExceptionOfType(FrameException.class)
                .isThrownBy(() -> framing.framer().find(ByteBuffer.wrap(bytes("123456789\rx"))))
                .withMessageContaining("10 bytes or more")
                .withMessageContaining("9");
        assertThatExceptionOfType(FrameException.class)
                .isThrownBy(() -> framing.framer().find(ByteBuffer.wrap(bytes("1234567890\n"))));
    }

    @Test
    void aPayloadWithTheDelimiterInItIsNotSent() {
        ByteBuffer out = ByteBuffer.allocate(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Framing.lines(9).encode(ByteBuffer.wrap(bytes("a\nb")), out))
                .withMessageContaining("at 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Framing.delimited(bytes("--"), 9).encode(ByteBuffer.wrap(bytes("a-")), out));
        assertThat(out.position()).as("nothing is written").isZero();
    }

    @Test
    void whatWasLookedAtIsNotLookedAtAgain() throws Exception {
        int size = 2_000_000;
        Framer framer = Framing.delimited(bytes("--"), size).framer();
        ByteBuffer in = ByteBuffer.allocate(size);
        for (int limit = 1; limit < size; limit++) { // would take hours if it were quadratic
            assertThat(framer.find(in.limit(limit))).isFalse();
        }
    }

    // ---- fixed

    @Test
    void framesOfOneSize() throws Exception {
        ByteBuffer stream = ByteBuffer.wrap(bytes("abcdefghi"));
        assertThat(decode(Framing.fixed(3), stream, 2))
                .containsExactly(
                        ByteBuffer.wrap(bytes("abc")), ByteBuffer.wrap(bytes("def")), ByteBuffer.wrap(bytes("ghi")));
        for (String misfit : List.of("ab", "abcd")) {
            ByteBuffer payload = ByteBuffer.wrap(bytes(misfit));
            ByteBuffer out = ByteBuffer.allocate(10);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Framing.fixed(3).encodedBytes(payload));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Framing.fixed(3).encode(payload, out));
            assertThat(out.position()).isZero();
        }
        assertThat(encode(Framing.fixed(3), List.of(ByteBuffer.wrap(bytes("abc")), ByteBuffer.wrap(bytes("def")))))
                .isEqualTo(ByteBuffer.wrap(bytes("abcdef")));
    }
}
