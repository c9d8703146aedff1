package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /**
     * An algorithm; some put the key exchange before it (ECDHE_RSA, KE:RSA), others the curve or the issuer's behind it
     * (EC/secp256r1, EC_RSA). Who tells the curve also looks whether the key is on it.
     */
    private static final Pattern KEY_TYPE = Pattern.compile("(?:KE:|(?:EC)?DHE_)?([A-Za-z0-9-]+)");

    private final List<TlsIdentity> identities;

    JsseKeys(List<TlsIdentity> identities) {
        this.identities = identities;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        JsseHandshake handshake = JsseHandshake.current();
        if (handshake != null) {
            if (handshake.isAbandoned()) {
                return null;
            }
            handshake.keyAsked();
        }
        try {
            return alias(keyType, requestedName(engine));
        } catch (IllegalArgumentException e) { // of a provider that looks at the peer's bytes only now
            if (handshake != null) {
                handshake.refuse(
                        new TlsException(Reason.PEER_MISBEHAVED, "the server name that is asked for is none", e));
            }
            return null;
        }
    }

    private @Nullable String alias(String keyType, @Nullable String name) {
        String wanted = name != null
                        && identities.stream().anyMatch(identity -> NameCheck.matches(identity.certificate(), name))
                ? name
                : null; // nobody has it: any will do
        for (int i = 0; i < identities.size(); i++) {
            TlsIdentity identity = identities.get(i);
            if (fits(identity, keyType) && (wanted == null || NameCheck.matches(identity.certificate(), wanted))) {
                return Integer.toString(i);
            }
        }
        return null; // also where another kind of key has the right name: it is asked for, too
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
        JsseHandshake handshake = JsseHandshake.current();
        if (handshake != null && handshake.isAbandoned()) {
            return null;
        }
        for (String keyType : keyTypes) {
            for (int i = 0; i < identities.size(); i++) {
                if (fits(identities.get(i), keyType)) {
                    return Integer.toString(i);
                }
            }
        }
        return null;
    }

    /** Ed25519 goes by two names, and keys on curves by that of their signatures, too. */
    private static boolean fits(TlsIdentity identity, String keyType) {
        String algorithm = identity.certificate().getPublicKey().getAlgorithm();
        Matcher type = KEY_TYPE.matcher(keyType);
        String wanted = type.lookingAt() ? type.group(1) : keyType;
        return wanted.equals(algorithm)
                || (algorithm.equals("EC") && wanted.equals("ECDSA"))
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
