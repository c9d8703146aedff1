package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.PeerVerifier;
import io.github.ioqueue.ssl.tls.SpkiPin;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsTrust;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a peer is who it should be, the same way for every provider: first the chain, by the JDK's PKIX
 * validation, then the name, by {@link NameCheck}, the pins, and the verifier of the user's. Whoever asks outside a handshake of ours is refused.
 */
final class JsseTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager chains;
    private final TlsTrust trust;

    private JsseTrust(X509ExtendedTrustManager chains, TlsTrust trust) {
        this.chains = chains;
        this.trust = trust;
    }

    static JsseTrust of(TlsTrust trust) throws TlsException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(authorities(trust.authorities()));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager chains) {
                    return new JsseTrust(chains, trust);
                }
            }
            throw new TlsException(Reason.BACKEND_FAULT, "the JDK has no PKIX trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException(Reason.BAD_CONFIGURATION, "the authorities cannot be used: " + e.getMessage(), e);
        }
    }

    /** Null: the factory takes the system's. */
    private static @Nullable KeyStore authorities(@Nullable List<X509Certificate> certificates)
            throws GeneralSecurityException, IOException {
        if (certificates == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509Certificate certificate : certificates) {
            store.setCertificateEntry("authority " + store.size(), certificate);
        }
        return store;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> chains.checkServerTrusted(chain, standard(authType), engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, standard(authType), engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, () -> chains.checkServerTrusted(chain, standard(authType)));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, standard(authType)));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("there is no socket here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("there is no socket here");
    }

    private interface ChainCheck {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, ChainCheck chainCheck) throws CertificateException {
        JsseHandshake handshake = JsseHandshake.current();
        if (handshake == null) {
            throw new CertificateException("asked outside a handshake");
        }
        if (handshake.isAbandoned()) {
            throw new CertificateException("the connection has failed already");
        }
        if (trust.verifiesPeer()) {
            try {
                chainCheck.run();
            } catch (CertificateException e) {
                throw refuse(handshake, new TlsException(reason(e), String.valueOf(e.getMessage()), e));
            }
            checkName(handshake, chain[0]);
            checkPins(handshake, chain[0]);
            askVerifier(handshake, chain);
        }
        handshake.verified(chain);
    }

    private static void checkName(JsseHandshake handshake, X509Certificate certificate) throws CertificateException {
        String name = handshake.nameToVerify();
        if (name != null && !NameCheck.matches(certificate, name)) {
            throw refuse(
                    handshake,
                    new TlsException(
                            Reason.WRONG_NAME,
                            "the certificate is not for " + name + ", but for " + NameCheck.shown(certificate)));
        }
    }

    /** The peer's own key only: what else is in the chain it sent need not be in the one that was verified. */
    private void checkPins(JsseHandshake handshake, X509Certificate certificate) throws CertificateException {
        SpkiPin pin = SpkiPin.of(certificate);
        if (!trust.pins().isEmpty() && !trust.pins().contains(pin)) {
            throw refuse(handshake, new TlsException(Reason.UNTRUSTED, "its key is not pinned: " + pin.sha256()));
        }
    }

    private void askVerifier(JsseHandshake handshake, X509Certificate[] chain) throws CertificateException {
        PeerVerifier verifier = trust.verifier();
        if (verifier == null) {
            return;
        }
        try {
            verifier.verify(List.of(chain), handshake.nameToVerify());
        } catch (CertificateException | RuntimeException e) {
            throw refuse(handshake, new TlsException(Reason.UNTRUSTED, "the verifier refuses: " + e.getMessage(), e));
        }
    }

    private static CertificateException refuse(JsseHandshake handshake, TlsException why) {
        handshake.refuse(why);
        return new CertificateException(why.getMessage(), why);
    }

    private static Reason reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return Reason.EXPIRED;
            }
            if (cause instanceof CertPathValidatorException path
                    && path.getReason() != BasicReason.UNSPECIFIED
                    && path.getReason() instanceof BasicReason basic) {
                return basic == BasicReason.EXPIRED || basic == BasicReason.NOT_YET_VALID
                        ? Reason.EXPIRED
                        : Reason.BAD_CERTIFICATE;
            }
        }
        return Reason.UNTRUSTED;
    }

    /** Conscrypt says GENERIC for TLS 1.3, which the JDK does not know; UNKNOWN is its word for it. */
    private static String standard(String authType) {
        return authType.equals("GENERIC") ? "UNKNOWN" : authType;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.verifiesPeer() ? chains.getAcceptedIssuers() : new X509Certificate[0];
    }
}
