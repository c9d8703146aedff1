package io.github.ioqueue.ssl.conscrypt;

import io.github.ioqueue.ssl.jsse.JsseBackend;
import io.github.ioqueue.ssl.jsse.JsseTraits;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.security.Provider;
import java.util.EnumSet;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** Conscrypt, which is BoringSSL inside. Its native library is loaded when the first context is made. */
public final class ConscryptBackend extends JsseBackend {

    private static final JsseTraits TRAITS = new JsseTraits(
            Memory.DIRECT,
            EnumSet.of(TlsCapability.READ_ON, TlsCapability.RESUMPTION_1_3, TlsCapability.EXPORTER),
            Pattern.compile("\\b((?:SSLV3|TLSV1)_ALERT_\\w+)"),
            Pattern.compile("UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|WRONG_VERSION_NUMBER|NO_PROTOCOLS_AVAILABLE"),
            Pattern.compile("PEER_DID_NOT_RETURN_A_CERTIFICATE"),
            JsseTraits.NONE,
            true,
            engine -> Conscrypt.setUseSessionTickets(engine, true),
            cache -> cache.setSessionCacheSize(1),
            ConscryptBackend::export);

    private static byte[] export(SSLEngine engine, String label, byte @Nullable [] context, int length)
            throws SSLException {
        byte[] material = Conscrypt.exportKeyingMaterial(engine, label, context, length);
        if (material == null) {
            throw new SSLException("no keying material");
        }
        return material;
    }

    /** Creates it; the service loader does. */
    public ConscryptBackend() {
        super("conscrypt", TRAITS);
    }

    @Override
    public String version() {
        if (!Conscrypt.isAvailable()) {
            return "Conscrypt, not available here";
        }
        Conscrypt.Version version = Conscrypt.version();
        return "Conscrypt " + version.major() + "." + version.minor() + "." + version.patch();
    }

    @Override
    protected Provider provider() throws TlsException {
        try {
            Conscrypt.checkAvailability();
        } catch (UnsatisfiedLinkError e) {
            throw new TlsException(
                    Reason.BACKEND_FAULT, "Conscrypt's native library cannot be loaded: " + e.getMessage(), e);
        }
        return Conscrypt.newProvider();
    }
}
