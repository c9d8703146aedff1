package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;

/**
 * What one provider of {@code SSLEngine} does and another does not, as data. Whatever can be done in a way that is right
 * for all is not here: {@link JsseEngine} does it so.
 *
 * @param memory what it works fastest on; set wrong, it is slower: the JDK by a half on direct buffers
 * @param capabilities what it can do beyond the common; set wrong, users rely on what is not there, or are refused what is
 * @param alert finds the name of the peer's alert in a message, as its one group; set wrong, an alert is told as a breach
 *     of the protocol
 * @param nothingInCommon finds messages that say so; set wrong, it is told as a breach of the protocol
 * @param noCertificate finds messages that a certificate was asked for and not shown; set wrong, likewise
 * @param prepareServer what a server's engine needs before its handshake; set wrong, Conscrypt resumes no session
 */
public record JsseTraits(
        Memory memory,
        Set<TlsCapability> capabilities,
        Pattern alert,
        Pattern nothingInCommon,
        Pattern noCertificate,
        Consumer<SSLEngine> prepareServer) {

    /** Copies the set. */
    public JsseTraits {
        capabilities = Set.copyOf(capabilities);
    }
}
