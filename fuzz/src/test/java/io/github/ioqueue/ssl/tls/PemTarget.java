package io.github.ioqueue.ssl.tls;

import io.github.ioqueue.fuzz.Bounds;
import io.github.ioqueue.ssl.tls.PemText.Block;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any text as one with certificates and a key: it is read, or refused as a bad configuration, in a message that shows
 * nothing of the key, without allocating what lengths in it announce. Its blocks are those that a pattern finds.
 */
public final class PemTarget {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final Pattern PART_OF_KEY = Pattern.compile("[A-Za-z0-9+/=]{16}");

    /** What reading takes anyway, and what it may take for each byte. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int MOST_BYTES_EACH = 1024;
    private static final char[] PASSWORD = "secret".toCharArray();

    private PemTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        long most = MOST_BYTES + (long) MOST_BYTES_EACH * input.length;
        readOrRefused(text, most, () -> Pem.certificates(text));
        readOrRefused(text, most, () -> Pem.identity(text, text, null));
        readOrRefused(text, most, () -> Pem.identity(text, text, PASSWORD));
        readOrRefused(text, most, () -> compareBlocks(text));
    }

    private static void readOrRefused(String text, long most, Bounds.Work<TlsException> work) {
        try {
            Bounds.within(most, work);
        } catch (TlsException e) {
            if (e.reason() != Reason.BAD_CONFIGURATION) {
                throw new AssertionError("refused for another reason", e);
            }
            hidesKeys(text, String.valueOf(e.getMessage()));
        }
    }

    private static void hidesKeys(String text, String message) {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            // What is elsewhere in the text, too, is no secret: a label, for example.
            if (block.group(1).contains("KEY")
                    && PART_OF_KEY
                            .matcher(block.group(2))
                            .results()
                            .map(MatchResult::group)
                            .anyMatch(part -> message.contains(part) && text.indexOf(part) == text.lastIndexOf(part))) {
                throw new AssertionError("the message shows a part of a key: " + message);
            }
        }
    }

    private static void compareBlocks(String text) throws TlsException {
        List<Block> expected = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            expected.add(new Block(block.group(1), block.group(2)));
        }
        List<Block> found = PemText.of("the text", text).blocks();
        if (!found.equals(expected)) {
            throw new AssertionError("blocks " + found + " instead of " + expected);
        }
    }

    /** Identities with keys of all kinds, and what only looks like one. */
    public static List<byte[]> seeds() throws CertificateEncodingException {
        List<byte[]> seeds = new ArrayList<>();
        TestAuthority authority = TestAuthority.create();
        for (KeyKind kind : KeyKind.values()) {
            TlsIdentity identity =
                    authority.request().key(kind).names("localhost").issue();
            String chain = pem("CERTIFICATE", identity.certificate().getEncoded());
            seeds.add(ascii(chain + pem("PRIVATE KEY", identity.key().getEncoded())));
            seeds.add(ascii(pem("EC PRIVATE KEY", identity.key().getEncoded()) + "text\n" + chain));
            seeds.add(ascii(chain + pem("ENCRYPTED PRIVATE KEY", identity.key().getEncoded())));
        }
        seeds.add(ascii("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"));
        seeds.add(ascii("-----BEGIN -----BEGIN CERTIFICATE-----"));
        return seeds;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }
}
