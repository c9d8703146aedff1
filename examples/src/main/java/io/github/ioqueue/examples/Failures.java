package io.github.ioqueue.examples;

import io.github.ioqueue.ssl.tls.TlsException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;

/** What went wrong, in one line for people. */
final class Failures {

    private Failures() {}

    /** The message; for TLS also whose fault it is. */
    static String tell(Throwable failure) {
        return failure instanceof TlsException tls
                ? "TLS, to blame is " + tls.blame().name().toLowerCase(Locale.ROOT) + ": " + tls.getMessage()
                : reason(failure);
    }

    /** Some failures of the JDK have no message. */
    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        if (message != null) {
            return message;
        } else if (failure instanceof UnsupportedAddressTypeException) {
            return "the address is of another family (IPv4, IPv6) than the socket";
        } else if (failure instanceof UnresolvedAddressException) {
            return "no such host";
        }
        return "no reason is known (" + failure.getClass().getSimpleName() + ")";
    }
}
