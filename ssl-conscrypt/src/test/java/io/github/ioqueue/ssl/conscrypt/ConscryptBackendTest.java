package io.github.ioqueue.ssl.conscrypt;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.testkit.ssl.TlsBackendContract;

/** Conscrypt keeps the contract. */
class ConscryptBackendTest extends TlsBackendContract {

    @Override
    protected TlsBackend backend() {
        return TlsBackend.named("conscrypt");
    }
}
