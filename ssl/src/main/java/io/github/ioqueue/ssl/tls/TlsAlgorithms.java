package io.github.ioqueue.ssl.tls;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is offered, or what there is to offer. Names are those of the Java security standard names, such as {@code
 * TLS_AES_128_GCM_SHA256}, {@code x25519} and {@code ecdsa_secp256r1_sha256}; the most wanted comes first.
 *
 * @param versions the versions of TLS
 * @param cipherSuites the cipher suites of all versions; empty: the backend's choice of those with ephemeral elliptic-curve
 *     keys and an authenticating cipher (AES-GCM, ChaCha20-Poly1305), which is every suite that needs no excuse; an older
 *     peer may need others, and has them by naming them
 * @param groups the groups for the key exchange; empty: the backend's choice of curves, and of finite fields (RFC 7919)
 *     where a cipher suite is named that needs one: the largest cost a server much, and the client chooses
 * @param signatureSchemes the signatures that are accepted and made; empty: the backend's choice
 */
public record TlsAlgorithms(
        Set<TlsVersion> versions, List<String> cipherSuites, List<String> groups, List<String> signatureSchemes) {

    /** Checks and copies. */
    public TlsAlgorithms {
        versions = Set.copyOf(versions);
        cipherSuites = List.copyOf(cipherSuites);
        groups = List.copyOf(groups);
        signatureSchemes = List.copyOf(signatureSchemes);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no version of TLS is left to offer");
        }
    }

    /** TLS 1.3 and 1.2, all else as the backend likes it. */
    public static TlsAlgorithms defaults() {
        return new TlsAlgorithms(EnumSet.allOf(TlsVersion.class), List.of(), List.of(), List.of());
    }
}
