package io.github.ioqueue.ssl.bouncycastle;

import io.github.ioqueue.ssl.jsse.JsseBackend;
import io.github.ioqueue.ssl.jsse.JsseTraits;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import java.security.Provider;
import java.util.EnumSet;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/** Bouncy Castle's TLS over the ciphers of the JDK: Bouncy Castle's own are fifty times slower. */
public final class BouncyCastleBackend extends JsseBackend {

    static {
        Silence.begin(); // before any of its classes is there to speak
    }

    /** The JDK whose {@code SSLParameters} have signature schemes. */
    private static final int SIGNATURES_CHOSEN_SINCE = 19;

    private static final JsseTraits TRAITS = new JsseTraits(
            Memory.HEAP,
            capabilitiesHere(),
            Pattern.compile("TlsFatalAlertReceived: (\\w+)\\("),
            Pattern.compile("TlsFatalAlert: (protocol_version|handshake_failure\\(40\\); .* no selectable cipher suite)"
                    + "|TlsFatalAlert: handshake_failure\\(40\\) at .*\\.generate13(ServerHello|HelloRetryRequest)$"),
            Pattern.compile("TlsFatalAlert: .* at .*\\.ProvTlsServer\\.notifyClientCertificate$"),
            Pattern.compile("_(CCM|ARIA|CAMELLIA|SM4)(_|$)"),
            false,
            engine -> {},
            cache -> {}, // it forgets a session that is made invalid
            (engine, label, context, length) -> {
                throw new SSLException("Bouncy Castle's engine has none to give");
            });

    private static EnumSet<TlsCapability> capabilitiesHere() {
        EnumSet<TlsCapability> all =
                EnumSet.of(TlsCapability.SUITE_CHOICE_1_3, TlsCapability.RSASSA_PSS, TlsCapability.KEY_CHOICE);
        if (Runtime.version().feature() >= SIGNATURES_CHOSEN_SINCE) {
            all.add(TlsCapability.SIGNATURE_CHOICE);
        }
        return all;
    }

    /** Creates it; the service loader does. */
    public BouncyCastleBackend() {
        super("bouncycastle", TRAITS);
    }

    @Override
    public String version() {
        return provider().getInfo() + ", on JDK " + Runtime.version();
    }

    /** One for each context, and none of them registered: what others get from the JVM stays as it is. */
    @Override
    protected Provider provider() {
        return new BouncyCastleJsseProvider(false, new JdkCrypto.Source());
    }
}
