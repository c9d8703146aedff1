package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an identity by the kind of key and by the name that the client asks for. Keys are ready objects: a key manager
 * of a factory may decode its key anew in each handshake, which costs more than the handshake. An alias is an index.
 */
final class JsseKeys extends X509ExtendedKeyManager {

    private final List<TlsIdentity> identities;

    JsseKeys(List<TlsIdentity> identities) {
        this.identities = identities;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        JsseHandshake handshake = JsseHandshake.current();
        if (handshake != null) {
            handshake.keyAsked();
        }
        String name = requestedName(engine);
        int first = -1;
        for (int i = 0; i < identities.size(); i++) {
            TlsIdentity identity = identities.get(i);
            if (fits(identity, keyType)) {
                if (name == null || NameCheck.matches(identity.certificate(), name)) {
                    return Integer.toString(i);
                }
                first = first < 0 ? i : first;
            }
        }
        return first < 0 ? null : Integer.toString(first);
    }

    /** Asks for the name, and notes it: not every session tells it when the handshake is over. */
    private static @Nullable String requestedName(@Nullable SSLEngine engine) {
        if (engine != null && engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName requested : session.getRequestedServerNames()) {
                if (requested instanceof SNIHostName host) {
                    String name = host.getAsciiName().toLowerCase(Locale.ROOT);
                    JsseHandshake handshake = JsseHandshake.current();
                    if (handshake != null) {
                        handshake.serverName(name);
                    }
                    return name;
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (String keyType : keyTypes) {
            for (int i = 0; i < identities.size(); i++) {
                if (fits(identities.get(i), keyType)) {
                    return Integer.toString(i);
                }
            }
        }
        return null;
    }

    /** Key types are algorithms, some with the issuer's behind them (EC_RSA); Ed25519 goes by two names. */
    private static boolean fits(TlsIdentity identity, String keyType) {
        String algorithm = identity.certificate().getPublicKey().getAlgorithm();
        int end = keyType.indexOf('_');
        String wanted = end < 0 ? keyType : keyType.substring(0, end);
        return wanted.equals(algorithm)
                || (algorithm.equals("EdDSA") && wanted.startsWith("Ed"))
                || (algorithm.startsWith("Ed") && wanted.equals("EdDSA"));
    }

    private @Nullable TlsIdentity identity(@Nullable String alias) {
        return alias == null ? null : identities.get(Integer.parseInt(alias));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        TlsIdentity identity = identity(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        TlsIdentity identity = identity(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineClientAlias(new String[] {keyType}, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }
}
