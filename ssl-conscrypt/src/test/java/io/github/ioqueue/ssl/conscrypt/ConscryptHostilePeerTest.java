package io.github.ioqueue.ssl.conscrypt;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.testkit.ssl.hostile.HostilePeerContract;

/** Conscrypt under hostile peers. */
class ConscryptHostilePeerTest extends HostilePeerContract {

    @Override
    protected TlsBackend backend() {
        return TlsBackend.named("conscrypt");
    }
}
