package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsAlgorithms;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A backend over a security provider's {@code SSLContext}: a name, the provider and its traits are all it takes.
 */
public class JsseBackend implements TlsBackend {

    private final String name;
    private final JsseTraits traits;

    /** Creates one; the provider is asked for when it is needed. */
    protected JsseBackend(String name, JsseTraits traits) {
        this.name = Objects.requireNonNull(name, "name");
        this.traits = Objects.requireNonNull(traits, "traits");
    }

    /**
     * The security provider; null for the JDK's default.
     *
     * @throws TlsException if it cannot be used on this machine
     */
    protected @Nullable Provider provider() throws TlsException {
        return null;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public String version() {
        return "JDK " + Runtime.version();
    }

    @Override
    public final Set<TlsCapability> capabilities() {
        return traits.capabilities();
    }

    @Override
    public final TlsAlgorithms algorithms() throws TlsException {
        try {
            SSLContext context = JsseContext.contextOf(provider());
            context.init(null, null, null);
            return new JsseAlgorithms(this, context).there();
        } catch (GeneralSecurityException e) {
            throw new TlsException(Reason.BACKEND_FAULT, name + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public final TlsContext context(TlsConfig config) throws TlsException {
        return new JsseContext(this, config, provider());
    }

    /** What its provider does and others do not. */
    public final JsseTraits traits() {
        return traits;
    }

    @Override
    public final String toString() {
        return name + " (" + version() + ")";
    }
}
