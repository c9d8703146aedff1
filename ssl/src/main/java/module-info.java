/**
 * TLS over any stream socket, with interchangeable backends.
 *
 * @uses io.github.ioqueue.ssl.tls.TlsBackend to find the backends that are installed
 * @provides io.github.ioqueue.ssl.tls.TlsBackend by the JDK's own TLS
 */
module io.github.ioqueue.ssl {
    requires transitive io.github.ioqueue.activesock;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports io.github.ioqueue.ssl;
    exports io.github.ioqueue.ssl.jsse;
    exports io.github.ioqueue.ssl.probe;
    exports io.github.ioqueue.ssl.tls;

    uses io.github.ioqueue.ssl.tls.TlsBackend;

    provides io.github.ioqueue.ssl.tls.TlsBackend with
            io.github.ioqueue.ssl.jsse.JdkBackend;
}
