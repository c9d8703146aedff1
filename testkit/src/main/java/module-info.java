/** Scripted sockets, a simulated network and a virtual clock for tests of what stands on ioqueue. */
module io.github.ioqueue.testkit {
    requires transitive io.github.ioqueue;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;

    exports io.github.ioqueue.testkit;
    exports io.github.ioqueue.testkit.sim;
}
