package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.ProtocolPolicy;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsSession;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one connection's handshake beside its engine. Trust and key managers belong to a context, not to a
 * connection, and the engine argument that a provider hands them is not always the one it was asked with; so an engine
 * {@link #enter enters} its handshake before each call, and they find it by thread. One thread at a time.
 */
final class JsseHandshake {

    private static final ThreadLocal<@Nullable JsseHandshake> CURRENT = new ThreadLocal<>();

    private final @Nullable String nameToVerify;
    private @Nullable TlsException verdict;
    private @Nullable String serverName;
    private boolean verified;
    private boolean keyAsked;
    private boolean abandoned;

    /** With the name or address that the peer's certificate has to be for; null if any will do. */
    JsseHandshake(@Nullable String nameToVerify) {
        this.nameToVerify = nameToVerify;
    }

    /** The handshake that the calling thread works on, or null. */
    static @Nullable JsseHandshake current() {
        return CURRENT.get();
    }

    void enter() {
        CURRENT.set(this);
    }

    static void leave() {
        CURRENT.remove();
    }

    @Nullable String nameToVerify() {
        return nameToVerify;
    }

    /** The peer's chain was looked at, and is good. */
    void verified(X509Certificate[] chain) {
        verified = chain.length > 0;
    }

    /** In this handshake; or in the one before, whose session is resumed under the same name. */
    boolean isVerified(SSLSession session) {
        List<X509Certificate> chain = peerCertificates(session);
        return verified
                || (!chain.isEmpty() && (nameToVerify == null || NameCheck.matches(chain.get(0), nameToVerify)));
    }

    /** Why it fails, whatever the provider makes of it. The first verdict stays. */
    void refuse(TlsException why) {
        if (verdict == null) {
            verdict = why;
        }
    }

    @Nullable TlsException verdict() {
        return verdict;
    }

    /** It is going to fail: from here on no key is used for it, no chain verified, no user called. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** The name the client asked for. */
    void serverName(String name) {
        serverName = name;
    }

    // ---- when it is over

    /** Returns why a handshake that the engine has completed must not be believed, or null. */
    @Nullable TlsException verdict(SSLEngine engine, TlsConfig config) {
        boolean mustVerify = engine.getUseClientMode() && config.trust().verifiesPeer();
        if (verdict == null && mustVerify && !isVerified(engine.getSession())) {
            return new TlsException(Reason.BACKEND_FAULT, "the handshake is over, and nobody verified the peer");
        }
        if (verdict == null
                && config.protocolPolicy() == ProtocolPolicy.REQUIRED
                && applicationProtocol(engine) == null) {
            return new TlsException(
                    Reason.NOTHING_IN_COMMON,
                    "no application protocol was agreed on; here " + config.applicationProtocols());
        }
        return verdict;
    }

    /** A key of this end's was asked for. */
    void keyAsked() {
        keyAsked = true;
    }

    /**
     * A client looks at certificates in full handshakes only, resuming ones have none; a server asks for its key in full
     * ones only, but for providers that always do.
     */
    private @Nullable Boolean isResumed(SSLEngine engine, JsseTraits traits) {
        if (engine.getUseClientMode()) {
            return !verified;
        }
        return traits.asksForKeyAlways() ? null : !keyAsked;
    }

    /** Facts of the connection. */
    TlsSession session(SSLEngine engine, JsseTraits traits) {
        SSLSession session = engine.getSession();
        return new TlsSession(
                TlsVersion.of(session.getProtocol()),
                session.getCipherSuite(),
                applicationProtocol(engine),
                serverName,
                peerCertificates(session),
                isResumed(engine, traits),
                ocspResponses(session));
    }

    /** Providers say null or an empty one when there is none. */
    static @Nullable String applicationProtocol(SSLEngine engine) {
        String protocol = engine.getApplicationProtocol();
        return protocol == null || protocol.isEmpty() ? null : protocol;
    }

    private static List<ByteBuffer> ocspResponses(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            try {
                return extended.getStatusResponses().stream()
                        .map(ByteBuffer::wrap)
                        .toList();
            } catch (UnsupportedOperationException e) {
                return List.of(); // a provider that has none to tell
            }
        }
        return List.of();
    }

    private static List<X509Certificate> peerCertificates(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}
