package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsAlgorithms;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * What a provider has to offer, and whether it offers what is wanted. Providers drop names they do not know, and settings
 * they cannot honour, in silence; here they are refused.
 */
final class JsseAlgorithms {

    /** No secrecy, no authentication, or broken since long: none of these by choice of ours. */
    private static final Pattern INSECURE =
            Pattern.compile("_(anon|NULL|EXPORT|RC4|DES|DES40|3DES)_|^TLS_SHA\\d+_SHA\\d+$");

    /**
     * What is offered when nothing is chosen: ephemeral keys on curves, and ciphers that authenticate what they encrypt. That
     * is TLS 1.3 and what RFC 9325, 4.2 recommends for TLS 1.2, and it is the same on every provider. What else there is
     * has its price: CBC its oracles, the RSA key exchange no forward secrecy, finite-field DHE work for a flood of
     * handshakes to order.
     */
    private static final Pattern MODERN =
            Pattern.compile("TLS_(ECDHE_(ECDSA|RSA)_WITH_)?(AES_\\d+_GCM|CHACHA20_POLY1305)_SHA\\d+");

    /** How the names of suites begin that exchange keys in a finite field: who names one wants such groups, too. */
    private static final String FINITE_FIELD = "TLS_DHE_";

    /** The schemes of RFC 8446, 4.2.3, without SHA-1; providers do not list theirs. */
    private static final List<String> SCHEMES = List.of(
            "ecdsa_secp256r1_sha256",
            "ecdsa_secp384r1_sha384",
            "ecdsa_secp521r1_sha512",
            "ed25519",
            "ed448",
            "rsa_pss_rsae_sha256",
            "rsa_pss_rsae_sha384",
            "rsa_pss_rsae_sha512",
            "rsa_pss_pss_sha256",
            "rsa_pss_pss_sha384",
            "rsa_pss_pss_sha512",
            "rsa_pkcs1_sha256",
            "rsa_pkcs1_sha384",
            "rsa_pkcs1_sha512");

    private final JsseBackend backend;
    private final TlsAlgorithms there;

    JsseAlgorithms(JsseBackend backend, SSLContext context) {
        this.backend = backend;
        SSLEngine engine =
                context.createSSLEngine(); // asked for its parameters, a context may open a socket and leave it
        try {
            String[] groups = can(TlsCapability.GROUP_CHOICE) ? NewerJdk.groups(engine.getSSLParameters()) : null;
            this.there = new TlsAlgorithms(
                    EnumSet.allOf(TlsVersion.class),
                    suites(engine.getSupportedCipherSuites()),
                    groups == null ? List.of() : List.of(groups),
                    can(TlsCapability.SIGNATURE_CHOICE) ? SCHEMES : List.of());
        } finally {
            JsseCloser.discard(engine);
        }
    }

    private List<String> suites(String[] supported) {
        return Arrays.stream(supported)
                .filter(suite -> suite.startsWith("TLS_")
                        && !INSECURE.matcher(suite).find()
                        && !backend.traits().hollowSuites().matcher(suite).find()
                        && !suite.endsWith("_SCSV"))
                .toList();
    }

    TlsAlgorithms there() {
        return there;
    }

    private boolean can(TlsCapability capability) {
        return backend.capabilities().contains(capability);
    }

    // ---- refusing

    void require(TlsAlgorithms wanted) throws TlsException {
        requireSuites(wanted);
        requireChoice(wanted.groups(), TlsCapability.GROUP_CHOICE, "group");
        requireKnown(wanted.groups(), there.groups(), "group");
        requireChoice(wanted.signatureSchemes(), TlsCapability.SIGNATURE_CHOICE, "signature scheme");
        requireKnown(wanted.signatureSchemes(), there.signatureSchemes(), "signature scheme");
    }

    private void requireSuites(TlsAlgorithms wanted) throws TlsException {
        List<String> suites = wanted.cipherSuites();
        if (suites.isEmpty()) {
            return;
        }
        requireKnown(suites, there.cipherSuites(), "cipher suite");
        for (TlsVersion version : wanted.versions()) {
            if (suites.stream().noneMatch(suite -> isOf(suite, version))) {
                throw refused(version + " is offered, and no cipher suite of it");
            }
        }
        Set<String> newer = new HashSet<>(there.cipherSuites());
        newer.removeIf(suite -> !isOf(suite, TlsVersion.TLS_1_3));
        if (!can(TlsCapability.SUITE_CHOICE_1_3)
                && wanted.versions().contains(TlsVersion.TLS_1_3)
                && !suites.containsAll(newer)) {
            throw refused("it offers all its cipher suites of TLS 1.3, always: " + newer);
        }
    }

    /** A suite of TLS 1.3 names no key exchange: TLS_AES_128_GCM_SHA256. */
    private static boolean isOf(String suite, TlsVersion version) {
        return suite.contains("_WITH_") == (version == TlsVersion.TLS_1_2);
    }

    private void requireChoice(List<String> wanted, TlsCapability choice, String what) throws TlsException {
        if (!wanted.isEmpty() && !can(choice)) {
            throw refused("it lets nobody choose a " + what + " (" + choice + ")");
        }
    }

    private void requireKnown(List<String> wanted, List<String> known, String what) throws TlsException {
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw refused("'" + name + "' is no " + what + " that it has, or no secure one; there are " + known);
            }
        }
    }

    private TlsException refused(String why) {
        return new TlsException(Reason.BAD_CONFIGURATION, backend.name() + " cannot honour it: " + why);
    }

    // ---- offering

    /** Sets what is wanted; {@link #require} has found it good. */
    void apply(TlsAlgorithms wanted, SSLParameters parameters) {
        parameters.setProtocols(wanted.versions().stream()
                .sorted()
                .map(TlsVersion::standardName)
                .toArray(String[]::new));
        parameters.setCipherSuites(
                wanted.cipherSuites().isEmpty()
                        ? modern(parameters.getCipherSuites())
                        : wanted.cipherSuites().toArray(String[]::new));
        if (!wanted.groups().isEmpty()) {
            NewerJdk.groups(parameters, wanted.groups().toArray(String[]::new));
        } else if (wanted.cipherSuites().stream().noneMatch(suite -> suite.startsWith(FINITE_FIELD))) {
            offerCurves(parameters);
        }
        if (!wanted.signatureSchemes().isEmpty()) {
            NewerJdk.signatureSchemes(parameters, wanted.signatureSchemes().toArray(String[]::new));
        }
    }

    private void offerCurves(SSLParameters parameters) {
        if (can(TlsCapability.GROUP_CHOICE)) {
            NewerJdk.groups(
                    parameters,
                    there.groups().stream()
                            .filter(group -> !CurvesOnly.isFiniteField(group))
                            .toArray(String[]::new));
        } else {
            parameters.setAlgorithmConstraints(CurvesOnly.INSTANCE);
        }
    }

    private static String[] modern(String[] suites) {
        return Arrays.stream(suites)
                .filter(suite -> MODERN.matcher(suite).matches())
                .toArray(String[]::new);
    }
}
