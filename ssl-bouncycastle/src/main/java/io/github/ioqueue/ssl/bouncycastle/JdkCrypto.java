package io.github.ioqueue.ssl.bouncycastle;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.crypto.Tls13Verifier;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsStreamSigner;
import org.bouncycastle.tls.crypto.TlsStreamVerifier;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipher;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's cryptography, where it goes by other names than Bouncy Castle asks for: without the signatures of RSA-PSS no
 * RSA key can be used with TLS 1.3 (RFC 8446, 4.2.3), and without ChaCha20 one of its three suites is missing.
 */
final class JdkCrypto extends JcaTlsCrypto {

    private static final int CHACHA20_KEY_BYTES = 32;
    private static final int POLY1305_TAG_BYTES = 16;

    private JdkCrypto(JcaJceHelper jdk, SecureRandom keys, SecureRandom nonces) {
        super(jdk, keys, nonces);
    }

    /** Makes one for each context. */
    static final class Source extends JcaTlsCryptoProvider {

        /** Left to itself it asks for a source of random numbers that only Bouncy Castle's own provider has. */
        @Override
        public JcaTlsCrypto create(@Nullable SecureRandom random) {
            return super.create(random == null ? new SecureRandom() : random);
        }

        @Override
        public JcaTlsCrypto create(SecureRandom keys, SecureRandom nonces) {
            return new JdkCrypto(getHelper(), keys, nonces);
        }
    }

    // ---- RSA-PSS

    private static String jdkName(String signature) {
        return signature.toUpperCase(Locale.ROOT).endsWith("WITHRSAANDMGF1") ? "RSASSA-PSS" : signature;
    }

    @Override
    public @Nullable AlgorithmParameters getSignatureSchemeAlgorithmParameters(int scheme)
            throws GeneralSecurityException {
        if (!SignatureScheme.isRSAPSS(scheme)) {
            return super.getSignatureSchemeAlgorithmParameters(scheme);
        }
        int bytes = TlsCryptoUtils.getHashOutputSize(SignatureScheme.getCryptoHashAlgorithm(scheme));
        String hash = "SHA-" + 8 * bytes;
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
        parameters.init(new PSSParameterSpec(
                hash, "MGF1", new MGF1ParameterSpec(hash), bytes, PSSParameterSpec.TRAILER_FIELD_BC));
        return parameters;
    }

    @Override
    protected TlsStreamSigner createStreamSigner(
            JcaJceHelper helper,
            String algorithm,
            @Nullable AlgorithmParameterSpec parameter,
            PrivateKey key,
            SecureRandom random)
            throws GeneralSecurityException {
        return super.createStreamSigner(helper, jdkName(algorithm), parameter, key, random);
    }

    @Override
    protected TlsStreamVerifier createStreamVerifier(
            String algorithm, @Nullable AlgorithmParameterSpec parameter, byte[] signature, PublicKey key)
            throws IOException {
        return super.createStreamVerifier(jdkName(algorithm), parameter, signature, key);
    }

    @Override
    protected Tls13Verifier createTls13Verifier(
            String algorithm, @Nullable AlgorithmParameterSpec parameter, PublicKey key) throws IOException {
        return super.createTls13Verifier(jdkName(algorithm), parameter, key);
    }

    // ---- ChaCha20

    @Override
    protected @Nullable Boolean isSupportedEncryptionAlgorithm(int algorithm) {
        return algorithm == EncryptionAlgorithm.CHACHA20_POLY1305
                ? Boolean.TRUE
                : super.isSupportedEncryptionAlgorithm(algorithm);
    }

    @Override
    public TlsCipher createCipher(TlsCryptoParameters parameters, int encryption, int mac) throws IOException {
        if (encryption != EncryptionAlgorithm.CHACHA20_POLY1305) {
            return super.createCipher(parameters, encryption, mac);
        }
        return new TlsAEADCipher(
                parameters,
                JdkChaCha.encrypting(),
                JdkChaCha.decrypting(),
                CHACHA20_KEY_BYTES,
                POLY1305_TAG_BYTES,
                TlsAEADCipher.AEAD_CHACHA20_POLY1305,
                null);
    }
}
