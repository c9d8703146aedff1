/**
 * A proactor: asynchronous operations on sockets, each completed exactly once.
 *
 * @uses io.github.ioqueue.spi.IoBackend to find the backends that are installed
 * @provides io.github.ioqueue.spi.IoBackend over the JDK's channels and selectors
 */
module io.github.ioqueue {
    requires org.jctools.core;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports io.github.ioqueue;
    exports io.github.ioqueue.nio;
    exports io.github.ioqueue.probe;
    exports io.github.ioqueue.spi;

    uses io.github.ioqueue.spi.IoBackend;

    provides io.github.ioqueue.spi.IoBackend with
            io.github.ioqueue.nio.NioBackend;
}
