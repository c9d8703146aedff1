package io.github.ioqueue.ssl.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to do TLS, for both ends. Immutable. What is not set is secure: TLS 1.3 and 1.2, the peer's chain verified against
 * the system's authorities, its name compared with the host that was asked for.
 *
 * @param identities who this end is; a server shows the one that fits the name the client asks for (SNI), else the
 *     first. A server has at least one
 * @param authorities whose certificates are trusted; null: the system's
 * @param versions the versions that are offered
 * @param applicationProtocols the protocols offered by ALPN (RFC 7301), the most wanted first; empty: no ALPN. A server
 *     refuses a client that offers some, but none of these
 * @param clientAuth whether a server asks its clients for a certificate
 * @param serverName what a client asks for and verifies instead of the host it connects to; null: that host
 * @param verifiesPeer whether a client verifies the server's chain, and a server that of a client; off is insecure
 * @param verifiesName whether a client compares the server's name; off is insecure
 * @param handshakeTimeout how long a handshake may take
 */
public record TlsConfig(
        List<TlsIdentity> identities,
        @Nullable List<X509Certificate> authorities,
        Set<TlsVersion> versions,
        List<String> applicationProtocols,
        ClientAuth clientAuth,
        @Nullable String serverName,
        boolean verifiesPeer,
        boolean verifiesName,
        Duration handshakeTimeout) {

    private static final int LONGEST_PROTOCOL = 255; // RFC 7301, 3.1: one length byte

    /** Checks and copies; {@link #builder} is the way to make one. */
    public TlsConfig {
        identities = List.copyOf(identities);
        authorities = authorities == null ? null : List.copyOf(authorities);
        versions = Set.copyOf(versions);
        applicationProtocols = List.copyOf(applicationProtocols);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no version of TLS is left to offer");
        }
        if (authorities != null && authorities.isEmpty()) {
            throw new IllegalArgumentException("an empty list of authorities trusts nobody");
        }
        for (String protocol : applicationProtocols) {
            if (protocol.isEmpty() || protocol.length() > LONGEST_PROTOCOL) {
                throw new IllegalArgumentException(
                        "an application protocol has 1 to 255 bytes, not '" + protocol + "'");
            }
        }
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("a handshake takes some time, not " + handshakeTimeout);
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
        private Set<TlsVersion> versions = EnumSet.allOf(TlsVersion.class);
        private List<String> applicationProtocols = List.of();
        private ClientAuth clientAuth = ClientAuth.NONE;
        private @Nullable String serverName;
        private boolean verifiesPeer = true;
        private boolean verifiesName = true;
        private Duration handshakeTimeout = Duration.ofSeconds(10);

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

        /** Offers these versions only. */
        public Builder versions(TlsVersion... offered) {
            versions = Set.of(offered);
            return this;
        }

        /** Offers these protocols by ALPN, the most wanted first. */
        public Builder applicationProtocols(String... protocols) {
            applicationProtocols = List.of(protocols);
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

        /** How long a handshake may take; default 10 s. */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = Objects.requireNonNull(timeout, "timeout");
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
                    authorities,
                    versions,
                    applicationProtocols,
                    clientAuth,
                    serverName,
                    verifiesPeer,
                    verifiesName,
                    handshakeTimeout);
        }
    }
}
