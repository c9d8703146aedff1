/** Instruments for tests of TLS backends, and of what stands on ioqueue's TLS. */
module io.github.ioqueue.testkit.ssl {
    requires transitive io.github.ioqueue.ssl;
    requires transitive io.github.ioqueue.testkit;
    requires jdk.management;
    requires org.assertj.core;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires static org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;

    exports io.github.ioqueue.testkit.ssl;
    exports io.github.ioqueue.testkit.ssl.hostile;

    opens io.github.ioqueue.testkit.ssl to
            org.junit.platform.commons; // it calls the cases of the contract, wherever they are extended
}
