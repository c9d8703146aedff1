package io.github.ioqueue.activesock.framing;

import io.github.ioqueue.fuzz.Bounds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Any stream in any chunks through any framer: the frames and the verdict are those of a plain model that sees the whole,
 * what is found lies inside what has come, and each frame is found again when it is sent. No length that is announced is
 * allocated.
 *
 * <pre>
 *   | kind | parameter | maximum | chunks | the stream
 * </pre>
 */
public final class FramingTarget {

    private static final int OPTIONS = 4;
    private static final int MOST_BYTES = 1 << 20;

    /** Instead of the seed of the chunks: there is one. */
    private static final int WHOLE = 1 << 8;

    private final byte[] stream;
    private final int kind;
    private final int parameter;
    private final int most;
    private final Framing framing;
    private final byte[] delimiter;

    private FramingTarget(byte[] input) {
        stream = Arrays.copyOfRange(input, OPTIONS, input.length);
        kind = input[0] & 3;
        parameter = input[1] & 0xff;
        most = 1 + (input[2] & 0x7f);
        delimiter = Arrays.copyOf(stream, 1 + (parameter & 3));
        framing = framing();
    }

    private Framing framing() {
        return switch (kind) {
            case 0 -> {
                LengthField field = Framing.lengthField(width(), most);
                field = isLittle() ? field.littleEndian() : field;
                yield field.withSurplus(surplus());
            }
            case 1 -> Framing.lines(most);
            case 2 -> Framing.delimited(delimiter, most);
            default -> Framing.fixed(most);
        };
    }

    private int width() {
        return 1 + (parameter & 3);
    }

    private boolean isLittle() {
        return (parameter & 4) != 0;
    }

    private int surplus() {
        return (parameter >> 3) & 7;
    }

    /** What was found: frames, and whether a failure came behind them. */
    private record Found(List<String> frames, boolean failed) {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length >= OPTIONS) {
            FramingTarget target = new FramingTarget(input);
            Found expected = target.model();
            target.compare(expected, input[3]);
            target.compare(expected, WHOLE);
        }
    }

    private void compare(Found expected, int seed) {
        List<byte[]> frames = new ArrayList<>();
        boolean[] failed = new boolean[1];
        Bounds.within(MOST_BYTES + 64L * stream.length, () -> {
            frames.clear();
            failed[0] = cut(frames, seed == WHOLE ? null : new Random(seed));
        });
        Found found = new Found(frames.stream().map(Arrays::toString).toList(), failed[0]);
        if (!found.equals(expected)) {
            throw new AssertionError(found + " instead of " + expected + " by " + framing);
        }
        frames.forEach(this::sendAgain);
    }

    /** As a socket does it; answers whether it failed. */
    private boolean cut(List<byte[]> frames, Random chunks) {
        Framer framer = framing.framer();
        int position = 0;
        int limit = 0;
        while (true) {
            ByteBuffer in = ByteBuffer.wrap(stream).limit(limit).position(position);
            boolean found;
            try {
                found = framer.find(in);
            } catch (FrameException e) {
                return true;
            }
            if (in.position() != position || in.limit() != limit) {
                throw new AssertionError("the buffer was moved, by " + framing);
            }
            if (found) {
                frames.add(frame(framer, position, limit));
                position = framer.next();
            } else if (limit == stream.length) {
                return false;
            } else {
                limit = chunks == null ? stream.length : Math.min(stream.length, limit + 1 + chunks.nextInt(9));
            }
        }
    }

    private byte[] frame(Framer framer, int position, int limit) {
        boolean inside = position <= framer.start()
                && framer.start() <= framer.limit()
                && framer.limit() <= framer.next()
                && position < framer.next()
                && framer.next() <= limit;
        if (!inside) {
            throw new AssertionError("a frame outside of what has come, by " + framing);
        }
        return Arrays.copyOfRange(stream, framer.start(), framer.limit());
    }

    private void sendAgain(byte[] frame) {
        ByteBuffer payload = ByteBuffer.wrap(frame);
        ByteBuffer out = ByteBuffer.allocate(framing.maxBytes());
        int most = framing.encodedBytes(payload);
        framing.encode(payload, out);
        Framer framer = framing.framer();
        try {
            boolean same = out.flip().remaining() <= most
                    && framer.find(out)
                    && framer.next() == out.limit()
                    && payload.equals(out.slice(framer.start(), framer.limit() - framer.start()));
            if (!same) {
                throw new AssertionError("what is sent is not found again: " + Arrays.toString(frame));
            }
        } catch (FrameException e) {
            throw new AssertionError("what is sent is refused", e);
        }
    }

    // ---- the model

    private Found model() {
        List<String> frames = new ArrayList<>();
        int at = 0;
        while (true) {
            int[] next = kind == 0 ? length(at) : kind == 3 ? fixed(at) : delimited(at);
            if (next.length == 0 || next[1] - next[0] > most) {
                return new Found(frames, next.length != 0);
            }
            frames.add(Arrays.toString(Arrays.copyOfRange(stream, next[0], next[1])));
            at = next[2];
        }
    }

    private static final int[] NONE = {};

    /** Start, end and next; or none yet; or one that is too long. */
    private int[] length(int at) {
        if (stream.length - at < width()) {
            return NONE;
        }
        long length = 0;
        for (int i = 0; i < width(); i++) {
            length = length * 256 + (stream[isLittle() ? at + width() - 1 - i : at + i] & 0xff);
        }
        long payload = length - surplus();
        if (payload < 0 || payload > most) {
            return new int[] {0, Integer.MAX_VALUE, 0};
        }
        int start = at + width();
        int end = start + (int) payload;
        return end > stream.length ? NONE : new int[] {start, end, end};
    }

    private int[] fixed(int at) {
        return stream.length - at < most ? NONE : new int[] {at, at + most, at + most};
    }

    private int[] delimited(int at) {
        byte[] border = kind == 1 ? new byte[] {'\n'} : delimiter;
        int end = at;
        while (end + border.length <= stream.length
                && !Arrays.equals(stream, end, end + border.length, border, 0, border.length)) {
            end++;
        }
        if (end + border.length > stream.length) {
            // so many bytes, and all or all but one of them are of the payload
            int sure = stream.length - at - (kind == 1 ? 1 : border.length - 1);
            return sure > most ? new int[] {0, Integer.MAX_VALUE, 0} : NONE;
        }
        boolean carriage = kind == 1 && end > at && stream[end - 1] == '\r';
        return new int[] {at, carriage ? end - 1 : end, end + border.length};
    }

    /** Each kind, within its maximum and beyond. */
    public static List<byte[]> seeds() {
        return List.of(
                new byte[] {0, 0, 9, 1, 3, 1, 2, 3, 0, 2, 5, 5},
                new byte[] {0, 1 + 4 + 16, 9, 1, 4, 0, 1, 2, 2, 0},
                new byte[] {0, 3, 9, 1, 0x7f, -1, -1, -1, 1},
                "\1\0\20\1one\r\ntwo\nthree\r\r\n\r\n\n".getBytes(StandardCharsets.ISO_8859_1),
                new byte[] {1, 0, 3, 2, 1, 1, 1, 1, 1, 1, 10},
                new byte[] {2, 1, 9, 1, 7, 8, 1, 2, 7, 7, 8, 3},
                new byte[] {2, 1, 9, 1, 7, 7, 1, 7, 2, 7, 7, 7, 7},
                new byte[] {3, 0, 2, 1, 1, 2, 3, 4, 5, 6, 7});
    }
}
