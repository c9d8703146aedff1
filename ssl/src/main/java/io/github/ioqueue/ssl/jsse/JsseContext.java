package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.ProtocolPolicy;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A configuration as an {@link SSLContext} with managers of ours, and engines set up from it. */
final class JsseContext implements TlsContext {

    private final JsseBackend backend;
    private final TlsConfig config;
    private final SSLContext context;
    private final JsseAlgorithms algorithms;

    /** The same for each server's engine; read only. */
    private final SSLParameters serving;

    JsseContext(JsseBackend backend, TlsConfig config, @Nullable Provider provider) throws TlsException {
        this.backend = backend;
        this.config = config;
        try {
            context = contextOf(provider);
            context.init(
                    new KeyManager[] {new JsseKeys(config.identities())},
                    new TrustManager[] {JsseTrust.of(config.trust())},
                    null);
        } catch (GeneralSecurityException e) {
            throw new TlsException(
                    Reason.BAD_CONFIGURATION, backend.name() + " cannot honour it: " + e.getMessage(), e);
        }
        requireUsable(config.identities());
        algorithms = new JsseAlgorithms(backend, context);
        algorithms.require(config.algorithms());
        if (config.limits().renegotiations() > 0 && !backend.capabilities().contains(TlsCapability.RENEGOTIATION)) {
            throw new TlsException(
                    Reason.BAD_CONFIGURATION, backend.name() + " cannot honour it: it lets no peer negotiate anew");
        }
        remember(context.getClientSessionContext());
        remember(context.getServerSessionContext());
        serving = serving();
    }

    static SSLContext contextOf(@Nullable Provider provider) throws GeneralSecurityException {
        return provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
    }

    private void requireUsable(List<TlsIdentity> identities) throws TlsException {
        for (TlsIdentity identity : identities) {
            if (!identity.isConsistent()) {
                throw new TlsException(
                        Reason.BAD_CONFIGURATION, "key and certificate do not belong together: " + identity);
            }
            TlsCapability needed = needed(identity);
            if (needed != null && !backend.capabilities().contains(needed)) {
                throw new TlsException(
                        Reason.BAD_CONFIGURATION,
                        backend.name() + " cannot honour it: it has no such keys (" + needed + "): " + identity);
            }
            requireOneKind(identity, identities);
        }
    }

    private void requireOneKind(TlsIdentity identity, List<TlsIdentity> identities) throws TlsException {
        if (backend.capabilities().contains(TlsCapability.KEY_CHOICE)) {
            return;
        }
        for (TlsIdentity other : identities) {
            if (!kind(other).equals(kind(identity)) && NameCheck.overlap(identity.certificate(), other.certificate())) {
                throw new TlsException(
                        Reason.BAD_CONFIGURATION,
                        backend.name() + " cannot honour it: it shows one kind of key for a name, whatever the client"
                                + " can use (" + TlsCapability.KEY_CHOICE + "): " + identity + ", " + other);
            }
        }
    }

    private static String kind(TlsIdentity identity) {
        return identity.certificate().getPublicKey().getAlgorithm();
    }

    private static @Nullable TlsCapability needed(TlsIdentity identity) {
        return switch (kind(identity)) {
            case "Ed25519", "EdDSA" -> TlsCapability.ED25519;
            case "RSASSA-PSS" -> TlsCapability.RSASSA_PSS;
            default -> null;
        };
    }

    private void remember(SSLSessionContext cache) {
        if (config.sessions().isOn()) {
            cache.setSessionCacheSize(config.sessions().size());
            cache.setSessionTimeout((int) config.sessions().timeout().toSeconds());
        } else {
            backend.traits().forgetSessions().accept(cache);
        }
    }

    @Override
    public TlsBackend backend() {
        return backend;
    }

    @Override
    public TlsConfig config() {
        return config;
    }

    @Override
    public TlsEngine client(@Nullable String host, int port) throws TlsException {
        String name = normal(config.serverName() != null ? config.serverName() : host);
        if (name == null && config.trust().verifiesName()) {
            throw new TlsException(
                    Reason.BAD_CONFIGURATION, "there is no name to verify: neither a host nor a server name");
        }
        // Providers remember sessions by host and port: without them nothing is resumed.
        List<SNIServerName> asked = name == null || NameCheck.isAddress(name) ? List.of() : List.of(sni(name));
        SSLEngine engine = name == null || !config.sessions().isOn()
                ? context.createSSLEngine()
                : context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        parameters.setServerNames(asked);
        parameters.setApplicationProtocols(config.applicationProtocols().toArray(String[]::new));
        engine.setSSLParameters(parameters);
        JsseHandshake handshake = new JsseHandshake(config.trust().verifiesName() ? name : null);
        if (name != null && !NameCheck.isAddress(name)) {
            handshake.serverName(name);
        }
        return new JsseEngine(engine, backend.traits(), handshake, config);
    }

    @Override
    public TlsEngine server() throws TlsException {
        if (config.identities().isEmpty()) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "a server has an identity to show, and there is none");
        }
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(serving);
        JsseHandshake handshake = new JsseHandshake(null);
        if (!config.applicationProtocols().isEmpty()) {
            engine.setHandshakeApplicationProtocolSelector((e, offered) -> select(handshake, offered));
        }
        if (config.sessions().isOn()) {
            backend.traits().resumeAtServer().accept(engine);
        }
        return new JsseEngine(engine, backend.traits(), handshake, config);
    }

    private SSLParameters serving() {
        SSLEngine engine = context.createSSLEngine();
        try {
            engine.setUseClientMode(false);
            SSLParameters parameters = parameters(engine);
            switch (config.clientAuth()) {
                case NEED -> parameters.setNeedClientAuth(true);
                case WANT -> parameters.setWantClientAuth(true);
                case NONE -> parameters.setWantClientAuth(false);
            }
            return parameters;
        } finally {
            JsseCloser.discard(engine);
        }
    }

    private SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        algorithms.apply(config.algorithms(), parameters);
        return parameters;
    }

    /** The most wanted of ours that is offered; with none, the verdict stands, whatever the provider does (RFC 7301, 3.2). */
    private @Nullable String select(JsseHandshake handshake, List<String> offered) {
        for (String protocol : config.applicationProtocols()) {
            if (offered.contains(protocol)) {
                return protocol;
            }
        }
        if (config.protocolPolicy() == ProtocolPolicy.OPTIONAL) {
            return ""; // none, and on it goes
        }
        handshake.refuse(new TlsException(
                Reason.NOTHING_IN_COMMON,
                "no application protocol: here " + config.applicationProtocols() + ", there " + offered));
        return null;
    }

    private static @Nullable String normal(@Nullable String host) throws TlsException {
        try {
            return host == null ? null : NameCheck.normal(host);
        } catch (IllegalArgumentException e) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "not a host name: " + host, e);
        }
    }

    private static SNIHostName sni(String name) throws TlsException {
        try {
            return new SNIHostName(name);
        } catch (IllegalArgumentException e) {
            throw new TlsException(
                    Reason.BAD_CONFIGURATION, "not a name to ask a server for: " + name + ", " + e.getMessage(), e);
        }
    }
}
