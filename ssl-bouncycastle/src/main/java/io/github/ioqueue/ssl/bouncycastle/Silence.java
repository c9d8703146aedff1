package io.github.ioqueue.ssl.bouncycastle;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps Bouncy Castle from telling {@code java.util.logging} of each connection that comes and goes, and of each alert with
 * a stack trace: whoever can connect could fill the log with that, and a {@link io.github.ioqueue.ssl.tls.TlsException}
 * tells the user what went wrong. It warns of what it does not know in the JDK's security settings, too, as they are shipped.
 */
final class Silence {

    /** Held, because the log manager forgets a logger that nobody holds, and its level with it. */
    private static final Logger LOGGER = Logger.getLogger("org.bouncycastle.jsse");

    private Silence() {}

    /** Silences it, once and for all; a level that the user has set, before or later, stands. */
    static void begin() {
        begin(LOGGER);
    }

    static void begin(Logger logger) {
        if (!hasLevel(logger)) {
            logger.setLevel(Level.SEVERE);
        }
    }

    /** Of its own or from above, short of the root, whose level is for everybody. */
    private static boolean hasLevel(Logger logger) {
        for (Logger each = logger; each.getParent() != null; each = each.getParent()) {
            if (each.getLevel() != null) {
                return true;
            }
        }
        return false;
    }
}
