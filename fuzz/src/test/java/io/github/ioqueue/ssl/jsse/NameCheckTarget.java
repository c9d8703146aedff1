package io.github.ioqueue.ssl.jsse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Names in a certificate against a host: the verdict is that of a plain model of RFC 9525, so that nothing matches that
 * should not. The first line is the host, each other one a name.
 */
@SuppressWarnings("LoopOverCharArray")
public final class NameCheckTarget {

    private static final int DNS_NAME = 2;

    private NameCheckTarget() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) {
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", -1);
        String host;
        try {
            host = NameCheck.normal(lines[0]);
        } catch (IllegalArgumentException e) {
            return; // none that can be asked for
        }
        List<List<?>> names = new ArrayList<>();
        boolean expected = false;
        for (int i = 1; i < lines.length; i++) {
            names.add(List.of(DNS_NAME, lines[i]));
            expected |= matches(lines[i], host);
        }
        boolean found = NameCheck.matches(names, host);
        if (found != expected) {
            throw new AssertionError((found ? "matches" : "does not match") + ": " + host + " and "
                    + Arrays.asList(lines).subList(1, lines.length));
        }
    }

    /** Label by label. */
    private static boolean matches(String name, String host) {
        String[] labels = name.split("\\.", -1);
        String[] asked = host.split("\\.", -1);
        if (labels.length != asked.length || isAddress(host)) {
            return false;
        }
        for (int i = 0; i < labels.length; i++) {
            boolean any = i == 0 && labels[i].equals("*") && labels.length > 2;
            if (!isLabel(asked[i]) || !(any || sameInAscii(labels[i], asked[i]))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    private static boolean isLabel(String label) {
        boolean fits = !label.isEmpty() && !label.startsWith("-") && !label.endsWith("-");
        for (char c : label.toCharArray()) {
            fits &= "abcdefghijklmnopqrstuvwxyz0123456789_-".indexOf(c) >= 0;
        }
        return fits;
    }

    private static boolean sameInAscii(String one, String other) {
        byte[] a = one.getBytes(StandardCharsets.UTF_8);
        byte[] b = other.getBytes(StandardCharsets.UTF_8);
        boolean same = a.length == b.length;
        for (int i = 0; same && i < a.length; i++) {
            boolean letter = a[i] >= 'A' && a[i] <= 'Z';
            same = (letter ? a[i] | 0x20 : a[i]) == b[i];
        }
        return same;
    }

    /** Good names and bad ones. */
    public static List<byte[]> seeds() {
        return List.of(
                        "a.test\nb.test\nA.Test",
                        "b.a.test\n*.a.test",
                        "a.test\n*.test\n*\n*.*",
                        "a_b.x-y.test.\na_b.x-y.test",
                        "bücher.test\nxn--bcher-kva.test",
                        "1.2.3.4\n1.2.3.4\n*.2.3.4",
                        "k.test\n\u212A.test",
                        "[::1]\n::1")
                .stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
