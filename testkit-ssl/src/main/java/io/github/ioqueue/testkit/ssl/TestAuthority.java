package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/** An authority that vouches for whatever a test needs: good certificates and bad ones. Thread-safe. */
public final class TestAuthority {

    /** Keys of the kinds that take long to make. */
    private static final Map<KeyKind, KeyPair> KEPT = new ConcurrentHashMap<>();

    private static final AtomicLong SERIAL = new AtomicLong(System.currentTimeMillis());

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    /** What stands behind each certificate in its chain: without the root, so nothing at a root. */
    private final List<X509Certificate> shown;

    private TestAuthority(X500Name name, KeyPair keys, X509Certificate certificate, List<X509Certificate> shown) {
        this.name = name;
        this.keys = keys;
        this.certificate = certificate;
        this.shown = shown;
    }

    /** A new one, whose key is on curve P-256. */
    public static TestAuthority create() {
        return create(null, true);
    }

    /** A new one that this one vouches for: what it {@link Request#issue issues} has its certificate in the chain. */
    public TestAuthority subordinate() {
        return create(this, true);
    }

    /** As {@link #subordinate}, but its certificate does not allow it to issue others. */
    public TestAuthority impostor() {
        return create(this, false);
    }

    private static TestAuthority create(@Nullable TestAuthority issuer, boolean authority) {
        KeyPair keys = KeyKind.EC.generate();
        X500Name name = new X500Name("CN=test authority " + SERIAL.incrementAndGet());
        Instant now = Instant.now();
        X509Certificate certificate = certificate(
                issuer == null ? name : issuer.name,
                issuer == null ? keys.getPrivate() : issuer.keys.getPrivate(),
                name,
                keys.getPublic(),
                now.minus(1, ChronoUnit.DAYS),
                now.plus(1, ChronoUnit.DAYS),
                null,
                authority);
        List<X509Certificate> shown = new ArrayList<>();
        if (issuer != null) {
            shown.add(certificate);
            shown.addAll(issuer.shown);
        }
        return new TestAuthority(name, keys, certificate, shown);
    }

    /** What a client trusts. */
    public List<X509Certificate> certificates() {
        return List.of(certificate);
    }

    /** A good identity for these names and addresses. */
    public TlsIdentity identity(String... names) {
        return request().names(names).issue();
    }

    /** An identity that differs from a good one. */
    public Request request() {
        return new Request();
    }

    /** The kinds of keys. Those of RSA take long to make: each of these kinds has one, for whoever wants one. */
    public enum KeyKind {
        /** 2,048 bits. */
        RSA("RSA", 2048),
        /** 2,048 bits, for signatures by RSASSA-PSS only. */
        RSA_PSS("RSASSA-PSS", 2048),
        /** On curve P-256. */
        EC("EC", 256),
        /** On curve P-384. */
        EC_384("EC", 384),
        /** On Ed25519. */
        ED25519("Ed25519", 0);

        private final String algorithm;
        private final int bits;

        KeyKind(String algorithm, int bits) {
            this.algorithm = algorithm;
            this.bits = bits;
        }

        private KeyPair pair() {
            return this == RSA || this == RSA_PSS ? KEPT.computeIfAbsent(this, KeyKind::generate) : generate();
        }

        private KeyPair generate() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
                if (bits > 0) {
                    generator.initialize(bits);
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What an identity is to be like; a good one for no name at first. */
    public final class Request {
        private KeyKind kind = KeyKind.EC;
        private GeneralName[] names = new GeneralName[0];
        private String commonName = "test";
        private Instant from = Instant.now().minus(1, ChronoUnit.HOURS);
        private Instant to = Instant.now().plus(1, ChronoUnit.HOURS);
        private boolean selfSigned;

        private Request() {}

        /** The kind of its key; default EC. */
        public Request key(KeyKind wanted) {
            kind = wanted;
            return this;
        }

        /**
         * Its subject alternative names: host names, and addresses in text form. Anything goes; {@code DNS:}, {@code IP:}
         * or {@code URI:} in front says which of them it is.
         */
        public Request names(String... texts) {
            names = Arrays.stream(texts).map(TestAuthority::name).toArray(GeneralName[]::new);
            return this;
        }

        /** Its common name, which nobody should look at; default is one that is nobody's. */
        public Request commonName(String text) {
            commonName = text;
            return this;
        }

        /** Its time is over since a minute. */
        public Request expired() {
            to = Instant.now().minus(1, ChronoUnit.MINUTES);
            return this;
        }

        /** Its time begins in a minute. */
        public Request notYetValid() {
            from = Instant.now().plus(1, ChronoUnit.MINUTES);
            return this;
        }

        /** Nobody vouches for it but itself. Its key is on curve P-256. */
        public Request selfSigned() {
            selfSigned = true;
            return this;
        }

        /** Makes it. */
        public TlsIdentity issue() {
            KeyPair pair = selfSigned ? KeyKind.EC.generate() : kind.pair();
            X500Name subject = new X500Name("CN=" + commonName);
            X509Certificate issued = certificate(
                    selfSigned ? subject : name,
                    selfSigned ? pair.getPrivate() : keys.getPrivate(),
                    subject,
                    pair.getPublic(),
                    from,
                    to,
                    names.length == 0 ? null : new GeneralNames(names),
                    false);
            List<X509Certificate> chain = new ArrayList<>(List.of(issued));
            chain.addAll(selfSigned ? List.of() : shown);
            return new TlsIdentity(pair.getPrivate(), chain);
        }
    }

    private static GeneralName name(String text) {
        int colon = text.indexOf(':');
        String rest = text.substring(colon + 1);
        return switch (text.substring(0, Math.max(colon, 0))) {
            case "DNS" -> new GeneralName(GeneralName.dNSName, rest);
            case "IP" -> new GeneralName(GeneralName.iPAddress, rest);
            case "URI" -> new GeneralName(GeneralName.uniformResourceIdentifier, rest);
            default -> {
                boolean address = colon >= 0 || text.matches("[0-9.]+");
                yield new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, text);
            }
        };
    }

    private static X509Certificate certificate(
            X500Name issuer,
            PrivateKey signer,
            X500Name subject,
            PublicKey key,
            Instant from,
            Instant to,
            @Nullable GeneralNames names,
            boolean authority) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    issuer, BigInteger.valueOf(SERIAL.incrementAndGet()), Date.from(from), Date.from(to), subject, key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            var content = new JcaContentSignerBuilder("SHA256withECDSA").build(signer);
            return new JcaX509CertificateConverter().getCertificate(builder.build(content));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An OCSP response, as a server staples it: this certificate of the authority's is good (RFC 6960). */
    public byte[] ocspResponse(X509Certificate issued) {
        try {
            DigestCalculator digest =
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
            var issuer = new JcaX509CertificateHolder(certificate);
            var response = new BasicOCSPRespBuilder(new RespID(name))
                    .addResponse(
                            new CertificateID(digest, issuer, issued.getSerialNumber()),
                            CertificateStatus.GOOD,
                            Date.from(Instant.now()),
                            Date.from(Instant.now().plus(1, ChronoUnit.HOURS)))
                    .build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()),
                            new X509CertificateHolder[] {issuer},
                            Date.from(Instant.now()));
            return new OCSPRespBuilder()
                    .build(OCSPRespBuilder.SUCCESSFUL, response)
                    .getEncoded();
        } catch (OperatorCreationException | OCSPException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- for programs

    /** Writes the authority's certificate as {@code ca.pem} and answers the file. */
    public Path writePem(Path folder) {
        return write(folder.resolve("ca.pem"), "CERTIFICATE", encoded(certificate));
    }

    /** Writes an identity as {@code cert.pem} and {@code key.pem}. */
    public static void writePem(TlsIdentity identity, Path folder) {
        write(folder.resolve("cert.pem"), "CERTIFICATE", encoded(identity.certificate()));
        write(folder.resolve("key.pem"), "PRIVATE KEY", identity.key().getEncoded());
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write(Path file, String kind, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        String text = "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
        try {
            return Files.writeString(file, text, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
