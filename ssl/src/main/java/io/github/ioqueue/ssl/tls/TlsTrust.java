package io.github.ioqueue.ssl.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom this end believes. What is on is checked in this order, and all of it must hold: the chain, the name, the pins, the
 * verifier of one's own.
 *
 * @param authorities whose certificates are trusted; null: the system's
 * @param verifiesPeer whether a client verifies the server's chain, and a server that of a client; off is insecure
 * @param verifiesName whether a client compares the server's name; off is insecure
 * @param pins the keys that the peer's own certificate may have; empty: any
 * @param verifier one more check; null: none
 */
public record TlsTrust(
        @Nullable List<X509Certificate> authorities,
        boolean verifiesPeer,
        boolean verifiesName,
        Set<SpkiPin> pins,
        @Nullable PeerVerifier verifier) {

    /** Checks and copies. */
    public TlsTrust {
        authorities = authorities == null ? null : List.copyOf(authorities);
        pins = Set.copyOf(pins);
        if (authorities != null && authorities.isEmpty()) {
            throw new IllegalArgumentException("an empty list of authorities trusts nobody");
        }
        if (pins.size() == 1) {
            throw new IllegalArgumentException("a single pin locks everybody out when its key is lost:"
                    + " give the pin of a backup key, too (RFC 7469, 4.3)");
        }
        if (!verifiesPeer && (!pins.isEmpty() || verifier != null)) {
            throw new IllegalArgumentException("pins and a verifier say nothing where nobody is verified");
        }
    }

    /** The system's authorities, the name compared. */
    public static TlsTrust defaults() {
        return new TlsTrust(null, true, true, Set.of(), null);
    }
}
