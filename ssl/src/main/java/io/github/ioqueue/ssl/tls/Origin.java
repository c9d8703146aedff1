package io.github.ioqueue.ssl.tls;

import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where keys and certificates come from.
 *
 * @param name what every failure begins with
 */
record Origin(String name) {

    /** The size of a file, in bytes, beyond which it is none of keys or certificates. */
    static final int LIMIT = 1 << 20;

    static Origin of(Path file) {
        return new Origin(file.toString());
    }

    /** What the file of this name holds; not by its size, which pipes do not tell. */
    byte[] read(Path file) throws TlsException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LIMIT + 1);
            if (content.length > LIMIT) {
                throw bad("it has more than " + LIMIT + " bytes");
            }
            return content;
        } catch (TlsException e) {
            throw e;
        } catch (IOException e) {
            throw bad("it cannot be read: " + e, e);
        }
    }

    TlsException bad(String what) {
        return bad(what, null);
    }

    TlsException bad(String what, @Nullable Exception cause) {
        return new TlsException(Reason.BAD_CONFIGURATION, name + ": " + what, cause);
    }
}
