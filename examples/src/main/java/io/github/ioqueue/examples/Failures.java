package io.github.ioqueue.examples;

import io.github.ioqueue.ssl.tls.TlsException;
import java.util.Locale;

/** What went wrong, in one line for people. */
final class Failures {

    private Failures() {}

    /** The message; for TLS also whose fault it is. */
    static String tell(Throwable failure) {
        return failure instanceof TlsException tls
                ? "TLS, to blame is " + tls.blame().name().toLowerCase(Locale.ROOT) + ": " + tls.getMessage()
                : String.valueOf(failure.getMessage());
    }
}
