package io.github.ioqueue.ssl.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A text with blocks, each between its BEGIN and its END (RFC 7468). What stands around them is no concern, and a block
 * is decoded only when it is wanted.
 *
 * @param origin where the text comes from
 * @param blocks in their order
 */
record PemText(Origin origin, List<Block> blocks) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final Pattern KIND = Pattern.compile("[A-Z0-9 ]+");

    /** One block; its body may be secret. */
    record Block(String kind, String body) {
        @Override
        public String toString() {
            return kind;
        }
    }

    static PemText of(Path file) throws TlsException {
        Origin origin = Origin.of(file);
        return new PemText(origin, split(origin, new String(origin.read(file), StandardCharsets.ISO_8859_1)));
    }

    static PemText of(String name, String text) throws TlsException {
        Origin origin = new Origin(name);
        return new PemText(origin, split(origin, text));
    }

    private static List<Block> split(Origin origin, String text) throws TlsException {
        List<Block> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int next = begin + BEGIN.length();
            int dashes = text.indexOf(DASHES, next);
            String kind = dashes < 0 ? "" : text.substring(next, dashes);
            if (KIND.matcher(kind).matches()) {
                int body = dashes + DASHES.length();
                String end = DASHES + "END " + kind + DASHES;
                int behind = text.indexOf(end, body);
                if (behind < 0) {
                    throw origin.bad("a " + kind + " in it has no end");
                }
                blocks.add(new Block(kind, text.substring(body, behind)));
                next = behind + end.length();
            }
            begin = text.indexOf(BEGIN, next);
        }
        return blocks;
    }

    /** The bytes of one of the blocks. The line breaks may be anywhere (RFC 7468, 3), but nothing else is passed over. */
    byte[] content(Block block) throws TlsException {
        try {
            return Base64.getDecoder().decode(block.body().replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw origin.bad("a " + block.kind() + " in it is not base64", e);
        }
    }
}
