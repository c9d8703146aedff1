/**
 * TLS by Conscrypt.
 *
 * @provides io.github.ioqueue.ssl.tls.TlsBackend by Conscrypt, which is BoringSSL inside
 */
@SuppressWarnings("requires-automatic") // Conscrypt has no module declaration
module io.github.ioqueue.ssl.conscrypt {
    requires transitive io.github.ioqueue.ssl;
    requires org.conscrypt;
    requires static org.jspecify;

    exports io.github.ioqueue.ssl.conscrypt;

    provides io.github.ioqueue.ssl.tls.TlsBackend with
            io.github.ioqueue.ssl.conscrypt.ConscryptBackend;
}
