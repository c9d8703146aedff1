package io.github.ioqueue.nio;

import io.github.ioqueue.ResetException;
import java.io.IOException;
import java.util.Locale;

/** Tells a reset from other failures. The JDK keeps no error number, only the system's text. */
final class Resets {

    private Resets() {}

    /** The failure itself, or a {@link ResetException} for what the kernel says when the peer has torn down. */
    static IOException told(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        // Linux and macOS: "Connection reset [by peer]", "Broken pipe"; Windows: "... forcibly closed by the remote
        // host", "... was aborted by the software in your host machine".
        boolean reset = text.contains("reset")
                || text.contains("broken pipe")
                || text.contains("forcibly closed")
                || text.contains("connection was aborted");
        return reset ? new ResetException(e) : e;
    }
}
