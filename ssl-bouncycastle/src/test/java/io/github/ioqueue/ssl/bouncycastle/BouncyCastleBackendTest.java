package io.github.ioqueue.ssl.bouncycastle;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.testkit.ssl.TlsBackendContract;

/** Bouncy Castle keeps the contract. */
class BouncyCastleBackendTest extends TlsBackendContract {

    @Override
    protected TlsBackend backend() {
        return TlsBackend.named("bouncycastle");
    }
}
