package io.github.ioqueue.ssl.jsse;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forbids the key exchange in finite fields (RFC 7919), of which a client may choose the largest and have a server work for
 * nothing. For providers that let nobody choose their groups; the JDK's own constraints hold besides.
 */
final class CurvesOnly implements AlgorithmConstraints {

    static final CurvesOnly INSTANCE = new CurvesOnly();

    private static final String FINITE_FIELD = "ffdhe";

    private CurvesOnly() {}

    /** Whether it is one of these groups. */
    static boolean isFiniteField(String group) {
        return group.regionMatches(true, 0, FINITE_FIELD, 0, FINITE_FIELD.length());
    }

    @Override
    public boolean permits(
            Set<CryptoPrimitive> primitives, String algorithm, @Nullable AlgorithmParameters parameters) {
        return !isFiniteField(algorithm);
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
        return true;
    }

    @Override
    public boolean permits(
            Set<CryptoPrimitive> primitives, String algorithm, Key key, @Nullable AlgorithmParameters parameters) {
        return permits(primitives, algorithm, parameters);
    }
}
