package io.github.ioqueue.ssl.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How to do TLS, for both ends. Immutable. What is not set is secure: TLS 1.3 and 1.2, forward secrecy and authenticating
 * ciphers, the peer's chain verified against the system's authorities, its name compared with the host that was asked for, renegotiation by the peer refused. What a
 * backend cannot honour it refuses: see {@link TlsBackend#context}.
 *
 * @param identities who this end is; a server shows the one that fits the name the client asks for (SNI), else the
 *     first. A server has at least one
 * @param trust whom it believes
 * @param algorithms what it offers
 * @param applicationProtocols the protocols offered by ALPN (RFC 7301), the most wanted first; empty: no ALPN
 * @param protocolPolicy what becomes of a connection that agrees on none of them
 * @param clientAuth whether a server asks its clients for a certificate
 * @param serverName what a client asks for and verifies instead of the host it connects to; null: that host
 * @param sessions what is remembered for resumption
 * @param limits how much of a peer is borne
 * @param handshakeExecutor who does the steps of handshakes, certificates and signatures among them; null: the loop
 */
public record TlsConfig(
        List<TlsIdentity> identities,
        TlsTrust trust,
        TlsAlgorithms algorithms,
        List<String> applicationProtocols,
        ProtocolPolicy protocolPolicy,
        ClientAuth clientAuth,
        @Nullable String serverName,
        SessionCache sessions,
        TlsLimits limits,
        @Nullable Executor handshakeExecutor) {

    private static final int LONGEST_PROTOCOL = 255; // RFC 7301, 3.1: one length byte

    /** Checks and copies; {@link #builder} is the way to make one. */
    public TlsConfig {
        identities = List.copyOf(identities);
        applicationProtocols = List.copyOf(applicationProtocols);
        for (String protocol : applicationProtocols) {
            if (protocol.isEmpty() || protocol.length() > LONGEST_PROTOCOL) {
                throw new IllegalArgumentException(
                        "an application protocol has 1 to 255 bytes, not '" + protocol + "'");
            }
        }
        if (applicationProtocols.isEmpty() && protocolPolicy == ProtocolPolicy.REQUIRED) {
            throw new IllegalArgumentException("an application protocol is required, and none is offered");
        }
    }

    /** All defaults: enough for a client. */
    public static TlsConfig defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {

        private final List<TlsIdentity> identities = new ArrayList<>();
        private @Nullable List<X509Certificate> authorities;
        private boolean verifiesPeer = true;
        private boolean verifiesName = true;
        private Set<SpkiPin> pins = Set.of();
        private @Nullable PeerVerifier verifier;
        private Set<TlsVersion> versions = EnumSet.allOf(TlsVersion.class);
        private List<String> cipherSuites = List.of();
        private List<String> groups = List.of();
        private List<String> signatureSchemes = List.of();
        private List<String> applicationProtocols = List.of();
        private ProtocolPolicy protocolPolicy = ProtocolPolicy.REFUSE_OTHERS;
        private ClientAuth clientAuth = ClientAuth.NONE;
        private @Nullable String serverName;
        private SessionCache sessions = SessionCache.defaults();
        private TlsLimits limits = TlsLimits.defaults();
        private @Nullable Executor handshakeExecutor;

        private Builder() {}

        /** Adds an identity; {@link Pem} and {@link Pkcs12} read them. */
        public Builder identity(TlsIdentity identity) {
            identities.add(Objects.requireNonNull(identity, "identity"));
            return this;
        }

        /** Trusts these authorities, and no others. */
        public Builder trust(Collection<X509Certificate> certificates) {
            authorities = new ArrayList<>(certificates);
            return this;
        }

        /** Has the peer's own certificate be for one of these keys, two at least: one in use and one in reserve. */
        public Builder pins(SpkiPin... accepted) {
            pins = Set.of(accepted);
            return this;
        }

        /** Adds a check of one's own behind the others. */
        public Builder verifier(PeerVerifier check) {
            verifier = Objects.requireNonNull(check, "check");
            return this;
        }

        /** Offers these versions only. */
        public Builder versions(TlsVersion... offered) {
            versions = Set.of(offered);
            return this;
        }

        /**
         * Offers these cipher suites only, the most wanted first; see {@link TlsBackend#algorithms} for what there is, which
         * is more than what is offered by default: {@link TlsAlgorithms}.
         */
        public Builder cipherSuites(String... offered) {
            cipherSuites = List.of(offered);
            return this;
        }

        /** Offers these groups for the key exchange only, the most wanted first; by default curves only. */
        public Builder groups(String... offered) {
            groups = List.of(offered);
            return this;
        }

        /** Makes and accepts these signatures only, the most wanted first. */
        public Builder signatureSchemes(String... offered) {
            signatureSchemes = List.of(offered);
            return this;
        }

        /** Offers these protocols by ALPN, the most wanted first. */
        public Builder applicationProtocols(String... protocols) {
            applicationProtocols = List.of(protocols);
            return this;
        }

        /** What becomes of a connection without a common protocol; default {@link ProtocolPolicy#REFUSE_OTHERS}. */
        public Builder protocolPolicy(ProtocolPolicy policy) {
            protocolPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Asks clients for a certificate, or not. Server only. */
        public Builder clientAuth(ClientAuth wanted) {
            clientAuth = Objects.requireNonNull(wanted, "wanted");
            return this;
        }

        /** Asks for this name, and verifies it, instead of the host that is connected to. Client only. */
        public Builder serverName(String name) {
            serverName = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Remembers sessions in this way; default {@link SessionCache#defaults}. */
        public Builder sessions(SessionCache cache) {
            sessions = Objects.requireNonNull(cache, "cache");
            return this;
        }

        /** Bears so much of a peer; default {@link TlsLimits#defaults}. */
        public Builder limits(TlsLimits borne) {
            limits = Objects.requireNonNull(borne, "borne");
            return this;
        }

        /** How long a handshake may take; default 10 s. */
        public Builder handshakeTimeout(Duration timeout) {
            limits = limits.withHandshakeTimeout(timeout);
            return this;
        }

        /**
         * Has the steps of handshakes done by an executor: a private key's operation takes a loop longer than hundreds of
         * messages. It has to run each task it accepts, and may be shared; one connection has one task at a time. A {@link
         * PeerVerifier} is asked there. Default: the loop does it all.
         */
        public Builder handshakesOn(Executor executor) {
            handshakeExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** Verifies nothing at all, neither chain nor name: whoever sits in between can read and change everything. */
        public Builder insecureTrustAnyone() {
            verifiesPeer = false;
            verifiesName = false;
            return this;
        }

        /** Verifies the chain, but not for whom it is: anybody with a certificate of the same authorities will do. */
        public Builder insecureIgnoreName() {
            verifiesName = false;
            return this;
        }

        /** The configuration. */
        public TlsConfig build() {
            return new TlsConfig(
                    identities,
                    new TlsTrust(authorities, verifiesPeer, verifiesName, pins, verifier),
                    new TlsAlgorithms(versions, cipherSuites, groups, signatureSchemes),
                    applicationProtocols,
                    protocolPolicy,
                    clientAuth,
                    serverName,
                    sessions,
                    limits,
                    handshakeExecutor);
        }
    }
}
