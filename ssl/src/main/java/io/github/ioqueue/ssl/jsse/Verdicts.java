package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says why and who is to blame, of what a provider throws. */
final class Verdicts {

    /** What OpenSSL and its kin put around the names of alerts. */
    private static final Pattern ALERT_PREFIX = Pattern.compile("^(sslv3|tlsv1)_alert_");

    /** The alert of RFC 5246, 7.2.2, by which a provider refuses by itself; some write it in capitals. */
    private static final Pattern NO_RENEGOTIATION = Pattern.compile("no_renegotiation", Pattern.CASE_INSENSITIVE);

    /** RFC 5246, 7.2.1 lets a peer close at any time, and some providers do not expect it in a handshake. */
    private static final Pattern CLOSED = Pattern.compile("close_notify during handshake");

    private Verdicts() {}

    /**
     * What our own managers found comes first; then what the provider says; the rest is a breach of the protocol. So is an
     * illegal argument, for what a provider reads comes from the peer, and the JDK says so of a name that is none; any other
     * unchecked exception is a fault of the provider's.
     */
    static TlsException of(Exception thrown, JsseTraits traits, @Nullable TlsException verdict, boolean handshakeDone) {
        if (verdict != null) {
            return verdict;
        }
        if (thrown instanceof RuntimeException && !(thrown instanceof IllegalArgumentException)) {
            return new TlsException(Reason.BACKEND_FAULT, "the provider threw " + thrown, thrown);
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            TlsException told = told(text(cause), traits, thrown, handshakeDone);
            if (told != null) {
                return told;
            }
        }
        String what =
                handshakeDone ? "a record that is not what it should be" : "the handshake is not what it should be";
        return new TlsException(Reason.PEER_MISBEHAVED, what + detail(thrown.getMessage()), thrown);
    }

    /** Returns true if the engine failed by a close_notify in a handshake: one provider answers that by its own, too. */
    static boolean isByCloseNotify(Exception thrown) {
        return CLOSED.matcher(String.valueOf(thrown.getMessage())).find();
    }

    /** Its class, its message and, for those who use one message for many things, the method that threw it. */
    private static String text(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return stack.length == 0
                ? cause.toString()
                : cause + " at " + stack[0].getClassName() + "." + stack[0].getMethodName();
    }

    private static @Nullable TlsException told(
            String text, JsseTraits traits, Throwable thrown, boolean handshakeDone) {
        Matcher alert = traits.alert().matcher(text);
        if (alert.find()) {
            String name = alert.group(1).toLowerCase(Locale.ROOT);
            return new TlsException(
                    Reason.PEER_ALERT, ALERT_PREFIX.matcher(name).replaceFirst(""), thrown);
        }
        if (handshakeDone && CLOSED.matcher(text).find()) {
            return new TlsException(Reason.PEER_CLOSED, "the peer closed during a new handshake", thrown);
        }
        if (traits.nothingInCommon().matcher(text).find()) {
            return new TlsException(
                    Reason.NOTHING_IN_COMMON, "no version or cipher suite" + detail(thrown.getMessage()), thrown);
        }
        if (NO_RENEGOTIATION.matcher(text).find()) {
            return new TlsException(Reason.RENEGOTIATION, "the peer wants to negotiate again", thrown);
        }
        if (traits.noCertificate().matcher(text).find()) {
            return new TlsException(Reason.BAD_CERTIFICATE, "the peer shows no certificate", thrown);
        }
        return null;
    }

    /** Not where it has addresses of native memory: those help nobody, and differ each time. */
    private static String detail(@Nullable String message) {
        return message == null || message.contains("0x") ? "" : " (" + message + ")";
    }
}
