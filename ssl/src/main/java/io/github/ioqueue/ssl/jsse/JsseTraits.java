package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * What one provider of {@code SSLEngine} does and another does not, as data. Whatever can be done in a way that is right
 * for all is not here: {@link JsseEngine} does it so. For each of these the contract of backends has a case that breaks when
 * it is set wrong; docs/engine-behaviour.md names it. Patterns find something in the text of an exception, or of one behind
 * it: {@code package.Class: message at package.Class.method}, the last being the method that threw it.
 *
 * @param memory what it works fastest on; set wrong, it is slower: the JDK by a half on direct buffers
 * @param capabilities what it can do beyond the common; set wrong, users rely on what is not there, or are refused what is
 * @param alert finds the name of the peer's alert, as its one group; set wrong, an alert is told as a breach of the protocol
 * @param nothingInCommon finds that there is none; set wrong, it is told as a breach of the protocol
 * @param noCertificate finds that a certificate was asked for and not shown; set wrong, likewise
 * @param hollowSuites finds cipher suites, by their names, that are listed and cannot be done; set wrong, they can be chosen,
 *     and no handshake comes of it
 * @param asksForKeyAlways whether a server asks for its key in resuming handshakes, too; set wrong, resumption is told wrong
 * @param resumeAtServer what a server's engine needs to resume sessions; set wrong, Conscrypt resumes none
 * @param forgetSessions has a context resume nothing; set wrong, it does although that is off
 * @param exporter how keying material is had; set wrong, users get none
 */
public record JsseTraits(
        Memory memory,
        Set<TlsCapability> capabilities,
        Pattern alert,
        Pattern nothingInCommon,
        Pattern noCertificate,
        Pattern hollowSuites,
        boolean asksForKeyAlways,
        Consumer<SSLEngine> resumeAtServer,
        Consumer<SSLSessionContext> forgetSessions,
        Exporter exporter) {

    /** Finds nothing. */
    public static final Pattern NONE = Pattern.compile("(?!)");

    /** Yields keying material (RFC 5705). */
    @FunctionalInterface
    public interface Exporter {

        /** As {@link io.github.ioqueue.ssl.tls.TlsEngine#exportKeyingMaterial}. */
        byte[] export(SSLEngine engine, String label, byte @Nullable [] context, int length) throws SSLException;
    }

    /** Copies the set. */
    public JsseTraits {
        capabilities = Set.copyOf(capabilities);
    }
}
