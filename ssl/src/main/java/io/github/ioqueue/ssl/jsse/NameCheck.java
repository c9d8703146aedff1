package io.github.ioqueue.ssl.jsse;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * For whom is a certificate? RFC 9525: only its subject alternative names count, the common name does not. Names are
 * compared without case; a wildcard is the whole leftmost label and stands for one label; addresses are compared as
 * bytes. The same verdict for every provider.
 */
final class NameCheck {

    private static final int DNS_NAME = 2; // RFC 5280, 4.2.1.6: the tags of GeneralName
    private static final int IP_ADDRESS = 7;

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** A certificate may have thousands of names; a message has so many. */
    private static final int SHOWN = 10;

    private NameCheck() {}

    /** A name as it is compared, and asked for: in lower case, in ASCII, without a dot at its end. */
    static String normal(String host) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (isAddress(name)) {
            int zone = name.indexOf('%');
            return zone < 0 ? name : name.substring(0, zone);
        }
        String ascii = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    }

    /** Whether it is an address in text form, and not a name. */
    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    /** Whether the certificate is for this name or address, which is {@link #normal}. */
    static boolean matches(X509Certificate certificate, String host) {
        try {
            return matches(names(certificate), host);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** The same over entries as {@link X509Certificate#getSubjectAlternativeNames} lists them. */
    static boolean matches(Collection<List<?>> names, String host) {
        byte[] address = isAddress(host) ? address(host) : null;
        if (isAddress(host) && address == null) {
            return false;
        }
        for (List<?> entry : names) {
            if (entry.size() == 2 && entry.get(0) instanceof Integer tag && entry.get(1) instanceof String value) {
                boolean same = address == null
                        ? tag == DNS_NAME && nameMatches(lower(value), host)
                        : tag == IP_ADDRESS && isAddress(value) && Arrays.equals(address, address(value));
                if (same) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether there is a name that both certificates are for. */
    static boolean overlap(X509Certificate one, X509Certificate other) {
        try {
            for (List<?> entry : names(one)) {
                if (entry.get(1) instanceof String name) {
                    String lower = lower(name);
                    boolean same = names(other).stream()
                            .anyMatch(there -> there.get(1) instanceof String text && text.equalsIgnoreCase(name));
                    if (same || matches(names(other), lower)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Of the letters A to Z only: another language's may become one of them. */
    private static String lower(String name) {
        StringBuilder lower = new StringBuilder(name);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return lower.toString();
    }

    private static boolean nameMatches(String pattern, String host) {
        if (!isName(host)) {
            return false;
        }
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        String parent = pattern.substring(2);
        int dot = host.indexOf('.');
        return parent.indexOf('.') > 0 // a wildcard for a whole top-level domain is none
                && dot > 0
                && host.substring(dot + 1).equals(parent);
    }

    /**
     * Whether it is labels of letters, digits, underscores and, in between, hyphens. Not by a pattern: one with a repeated
     * group recurses, and how often is for who wrote the name.
     */
    private static boolean isName(String text) {
        char before = '.';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = c == '.' ? isPlain(before) : c == '-' ? before != '.' : isPlain(c);
            if (!fits) {
                return false;
            }
            before = c;
        }
        return isPlain(before);
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static byte @Nullable [] address(String literal) {
        if (!isLiteral(literal)) {
            return null;
        }
        try {
            return InetAddress.getByName(literal).getAddress(); // a literal is parsed, nobody is asked
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether it is one to the JDK, too, which asks for all else. */
    private static boolean isLiteral(String text) {
        if (text.indexOf(':') >= 0) {
            return text.charAt(0) == ':' || Character.digit(text.charAt(0), 16) >= 0;
        }
        for (String number : text.split("\\.", -1)) {
            if (Integer.parseInt(number) > 255) {
                return false;
            }
        }
        return true;
    }

    /** The names and addresses a certificate is for, to be shown. */
    static List<String> shown(X509Certificate certificate) {
        List<String> shown = new ArrayList<>();
        try {
            Collection<List<?>> names = names(certificate);
            for (List<?> entry : names) {
                if (entry.get(1) instanceof String value && shown.size() < SHOWN) {
                    shown.add(value.replaceAll("[^ -~]", "?"));
                }
            }
            if (names.size() > SHOWN) {
                shown.add("... " + names.size() + " in all");
            }
        } catch (CertificateParsingException e) {
            shown.add("unreadable names");
        }
        return shown;
    }

    private static Collection<List<?>> names(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null ? List.of() : names;
    }
}
