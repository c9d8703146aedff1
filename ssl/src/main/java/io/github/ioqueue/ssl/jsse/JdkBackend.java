package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import java.util.EnumSet;
import java.util.regex.Pattern;

/** The JDK's own TLS. */
public final class JdkBackend extends JsseBackend {

    private static final JsseTraits TRAITS = new JsseTraits(
            Memory.HEAP,
            EnumSet.of(TlsCapability.HALF_CLOSE, TlsCapability.RESUMPTION_1_3, TlsCapability.TASKS),
            Pattern.compile("Received fatal alert: (\\w+)"),
            Pattern.compile("not accepted by server preferences|no cipher suites in common|No appropriate protocol"
                    + "|Client requested protocol|not supported by this server"),
            Pattern.compile("Empty (client|server) certificate chain"),
            engine -> {});

    /** Creates it; the service loader does. */
    public JdkBackend() {
        super(TlsBackend.JDK, TRAITS);
    }
}
