package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of a private key, whole and damaged. */
class PemKeyTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final char[] PASSWORD = "pass word".toCharArray();

    /** How one form is written, in DER. */
    private record Form(String name, String block, KeyKind kind, Writer writer) {
        @Override
        public String toString() {
            return kind + " as " + name;
        }

        byte[] write(PrivateKey key) throws Exception {
            return writer.write(key);
        }
    }

    /** Writes a key. */
    @FunctionalInterface
    private interface Writer {
        byte[] write(PrivateKey key) throws Exception;
    }

    static Stream<Form> forms() {
        List<Form> forms = new ArrayList<>();
        for (KeyKind kind : KeyKind.values()) {
            forms.add(new Form("PKCS#8", "PRIVATE KEY", kind, PrivateKey::getEncoded));
        }
        forms.add(new Form("PKCS#1", "RSA PRIVATE KEY", KeyKind.RSA, PemKeyTest::inner));
        forms.add(new Form("SEC1", "EC PRIVATE KEY", KeyKind.EC, PemKeyTest::sec1));
        for (KeyKind kind : KeyKind.values()) {
            forms.add(encrypted(kind, NISTObjectIdentifiers.id_aes256_CBC, PKCSObjectIdentifiers.id_hmacWithSHA256));
        }
        forms.add(encrypted(KeyKind.EC, NISTObjectIdentifiers.id_aes128_CBC, PKCSObjectIdentifiers.id_hmacWithSHA1));
        forms.add(encrypted(KeyKind.EC, NISTObjectIdentifiers.id_aes256_CBC, PKCSObjectIdentifiers.id_hmacWithSHA384));
        forms.add(encrypted(KeyKind.EC, NISTObjectIdentifiers.id_aes128_CBC, PKCSObjectIdentifiers.id_hmacWithSHA512));
        return forms.stream();
    }

    private static byte[] inner(PrivateKey key) throws Exception {
        return PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
    }

    private static byte[] sec1(PrivateKey key) throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
        return new ECPrivateKey(
                        256, bare.getKey(), info.getPrivateKeyAlgorithm().getParameters())
                .getEncoded();
    }

    private static Form encrypted(KeyKind kind, ASN1ObjectIdentifier cipher, ASN1ObjectIdentifier hmac) {
        return encrypted(kind, cipher, hmac, PASSWORD);
    }

    private static Form encrypted(
            KeyKind kind, ASN1ObjectIdentifier cipher, ASN1ObjectIdentifier hmac, char[] password) {
        return new Form("PBES2 " + cipher + " " + hmac, "ENCRYPTED PRIVATE KEY", kind, key -> {
            var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(cipher)
                    .setProvider(new BouncyCastleProvider())
                    .setPRF(new AlgorithmIdentifier(hmac))
                    .setIterationCount(8)
                    .setPassword(password)
                    .build();
            return new JcaPKCS8Generator(key, encryptor).generate().getContent();
        });
    }

    private static String pem(String block, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + block + "-----\n" + base64 + "\n-----END " + block + "-----\n";
    }

    private static String chain(TlsIdentity identity) throws Exception {
        return pem("CERTIFICATE", identity.certificate().getEncoded());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatAnotherWroteIsRead(Form form) throws Exception {
        TlsIdentity identity = AUTHORITY.request().key(form.kind()).issue();
        String key = pem(form.block(), form.write(identity.key()));
        TlsIdentity read = Pem.identity(chain(identity), key, PASSWORD);
        assertThat(read.isConsistent()).isTrue();
        assertThat(read.key().getAlgorithm()).isEqualTo(identity.key().getAlgorithm());
    }

    /** However it is damaged, it is read or refused by one exception, which shows no byte of it. */
    @ParameterizedTest
    @MethodSource("forms")
    void whatIsDamagedIsRefusedOrRead(Form form) throws Exception {
        TlsIdentity identity = AUTHORITY.request().key(form.kind()).issue();
        String chain = chain(identity);
        byte[] whole = form.write(identity.key());
        int step = form.kind() == KeyKind.RSA ? 7 : 1;
        int refused = 0;
        for (int i = 0; i < whole.length; i += step) {
            byte[] shorter = Arrays.copyOf(whole, i);
            assertThat(isRefused(chain, pem(form.block(), shorter))).isTrue();
            byte[] changed = whole.clone();
            changed[i] ^= (byte) (1 << i % Byte.SIZE);
            refused += isRefused(chain, pem(form.block(), changed)) ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    /** As text it may be cut or changed anywhere, too. */
    @Test
    void damageToTheTextIsRefusedOrRead() throws Exception {
        TlsIdentity identity = AUTHORITY.request().key(KeyKind.ED25519).issue();
        String chain = chain(identity);
        String whole = pem("PRIVATE KEY", identity.key().getEncoded());
        for (int i = 0; i < whole.length() - 2; i++) {
            assertThat(isRefused(chain, whole.substring(0, i))).isTrue();
            for (char c : new char[] {'-', '\n', 'A', '=', 0}) {
                isRefused(chain, whole.substring(0, i) + c + whole.substring(i + 1));
                isRefused(chain.substring(0, i) + c + chain.substring(i + 1), whole);
            }
        }
    }

    private static boolean isRefused(String chain, String key) {
        try {
            return !Pem.identity(chain, key, PASSWORD).isConsistent();
        } catch (TlsException e) {
            assertThat(e.reason()).isEqualTo(TlsException.Reason.BAD_CONFIGURATION);
            return true;
        }
    }

    @Test
    void anEncryptedKeyNeedsItsPassword() throws Exception {
        TlsIdentity identity = AUTHORITY.identity("a.test");
        Form form = encrypted(KeyKind.EC, NISTObjectIdentifiers.id_aes256_CBC, PKCSObjectIdentifiers.id_hmacWithSHA256);
        String key = pem(form.block(), form.write(identity.key()));
        String chain = chain(identity);
        assertThatThrownBy(() -> Pem.identity(chain, key, null)).hasMessageContaining("no password is given");
        for (int i = 0; i < 600; i++) { // one in 256 looks well padded
            char[] wrong = ("wrong " + i).toCharArray();
            assertThatThrownBy(() -> Pem.identity(chain, key, wrong))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("the password is wrong");
        }
    }

    @Test
    void aPasswordIsTakenInUtf8() throws Exception {
        TlsIdentity identity = AUTHORITY.identity("a.test");
        char[] password = "pässwörd \u20ac".toCharArray();
        Form form = encrypted(
                KeyKind.EC, NISTObjectIdentifiers.id_aes256_CBC, PKCSObjectIdentifiers.id_hmacWithSHA256, password);
        String key = pem(form.block(), form.write(identity.key()));
        assertThat(Pem.identity(chain(identity), key, password).isConsistent()).isTrue();
    }

    @Test
    void whatIsNotReadSaysHowToConvertIt() throws Exception {
        TlsIdentity identity = AUTHORITY.identity("a.test");
        String traditional = pem("EC PRIVATE KEY", sec1(identity.key()))
                .replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n");
        assertNotRead(identity, traditional, "traditional encryption", "openssl pkcs8 -topk8");
        Form des = encrypted(KeyKind.EC, PKCSObjectIdentifiers.des_EDE3_CBC, PKCSObjectIdentifiers.id_hmacWithSHA256);
        assertNotRead(identity, pem(des.block(), des.write(identity.key())), "AES-CBC", "openssl pkcs8 -topk8");
        String curveless = pem("EC PRIVATE KEY", withoutCurve(identity.key()));
        assertNotRead(identity, curveless, "its curve is neither inside nor before it");
    }

    @Test
    void theCurveMayStandBeforeTheKey() throws Exception {
        TlsIdentity identity = AUTHORITY.identity("a.test");
        byte[] curve = PrivateKeyInfo.getInstance(identity.key().getEncoded())
                .getPrivateKeyAlgorithm()
                .getParameters()
                .toASN1Primitive()
                .getEncoded();
        String key = pem("EC PARAMETERS", curve) + pem("EC PRIVATE KEY", withoutCurve(identity.key()));
        assertThat(Pem.identity(chain(identity), key, null).isConsistent()).isTrue();
    }

    private static byte[] withoutCurve(PrivateKey key) throws Exception {
        ASN1Sequence inner = ASN1Sequence.getInstance(inner(key));
        return new ECPrivateKey(256, ECPrivateKey.getInstance(inner).getKey()).getEncoded();
    }

    private static void assertNotRead(TlsIdentity identity, String key, String... words) throws Exception {
        String chain = chain(identity);
        assertThatThrownBy(() -> Pem.identity(chain, key, PASSWORD))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll(words);
    }
}
