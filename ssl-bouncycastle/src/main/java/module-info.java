/**
 * TLS by Bouncy Castle.
 *
 * @provides io.github.ioqueue.ssl.tls.TlsBackend by Bouncy Castle, over the JDK's ciphers
 */
module io.github.ioqueue.ssl.bouncycastle {
    requires transitive io.github.ioqueue.ssl;
    requires java.logging;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.tls;
    requires static org.jspecify;

    exports io.github.ioqueue.ssl.bouncycastle;

    provides io.github.ioqueue.ssl.tls.TlsBackend with
            io.github.ioqueue.ssl.bouncycastle.BouncyCastleBackend;
}
