package io.github.ioqueue.ssl.tls;

/** A version of the protocol. Older ones are not offered (RFC 8996). */
public enum TlsVersion {
    /** RFC 5246. */
    TLS_1_2("TLSv1.2"),
    /** RFC 8446. */
    TLS_1_3("TLSv1.3");

    private final String standardName;

    TlsVersion(String standardName) {
        this.standardName = standardName;
    }

    /** The name that Java's security providers use: {@code TLSv1.3}. */
    public String standardName() {
        return standardName;
    }

    /** The version of that name. */
    public static TlsVersion of(String standardName) {
        for (TlsVersion version : values()) {
            if (version.standardName.equals(standardName)) {
                return version;
            }
        }
        throw new IllegalArgumentException("neither TLSv1.2 nor TLSv1.3: " + standardName);
    }

    @Override
    public String toString() {
        return standardName;
    }
}
