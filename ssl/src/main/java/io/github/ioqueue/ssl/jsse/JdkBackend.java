package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import java.util.EnumSet;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;

/** The JDK's own TLS; or, by a subclass with a {@link #provider} of its own, one that behaves as it does in every way. */
public class JdkBackend extends JsseBackend {

    /** Seconds: a server makes no ticket for a session that outlives what tickets may (RFC 8446, 4.6.1). */
    private static final int TOO_LONG = 8 * 24 * 60 * 60;

    /** The last JDK known to ask a server's key manager in full handshakes only; 25 asks before it looks for a session. */
    private static final int LAST_TO_ASK_ONCE = 17;

    private static final JsseTraits TRAITS = new JsseTraits(
            Memory.HEAP,
            capabilitiesHere(),
            Pattern.compile("Received fatal alert: (\\w+)"),
            Pattern.compile("not accepted by server preferences|no cipher suites in common|No appropriate protocol"
                    + "|Client requested protocol|not supported by this server"),
            Pattern.compile("Empty (client|server) certificate chain"),
            JsseTraits.NONE,
            Runtime.version().feature() > LAST_TO_ASK_ONCE,
            engine -> {},
            cache -> cache.setSessionTimeout(TOO_LONG),
            (engine, label, context, length) ->
                    NewerJdk.export((ExtendedSSLSession) engine.getSession(), label, context, length));

    private static EnumSet<TlsCapability> capabilitiesHere() {
        EnumSet<TlsCapability> all = EnumSet.of(
                TlsCapability.HALF_CLOSE,
                TlsCapability.READ_ON,
                TlsCapability.RESUMPTION_1_3,
                TlsCapability.TASKS,
                TlsCapability.SUITE_CHOICE_1_3,
                TlsCapability.RENEGOTIATION,
                TlsCapability.REKEY,
                TlsCapability.ED25519,
                TlsCapability.RSASSA_PSS,
                TlsCapability.KEY_CHOICE);
        if (NewerJdk.choosesGroups()) {
            all.add(TlsCapability.GROUP_CHOICE);
        }
        if (NewerJdk.choosesSignatures()) {
            all.add(TlsCapability.SIGNATURE_CHOICE);
        }
        if (NewerJdk.exports()) {
            all.add(TlsCapability.EXPORTER);
        }
        return all;
    }

    /** Creates it; the service loader does. */
    public JdkBackend() {
        super(TlsBackend.JDK, TRAITS);
    }
}
