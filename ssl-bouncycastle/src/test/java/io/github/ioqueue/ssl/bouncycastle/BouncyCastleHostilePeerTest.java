package io.github.ioqueue.ssl.bouncycastle;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.testkit.ssl.hostile.HostilePeerContract;

/** Bouncy Castle under hostile peers. */
class BouncyCastleHostilePeerTest extends HostilePeerContract {

    @Override
    protected TlsBackend backend() {
        return TlsBackend.named("bouncycastle");
    }
}
