package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsBackend;

/** The JDK's backend keeps the contract. */
class JdkBackendTest extends TlsBackendContract {

    @Override
    protected TlsBackend backend() {
        return TlsBackend.named(TlsBackend.JDK);
    }
}
